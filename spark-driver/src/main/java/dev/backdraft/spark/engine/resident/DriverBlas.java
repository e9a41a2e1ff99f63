package dev.backdraft.spark.engine.resident;

import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.internal.ThisJvm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether executors multiply as the driver does: another BLAS rounds in another way. */
public final class DriverBlas {
    private static final Logger LOG = LoggerFactory.getLogger(DriverBlas.class);

    private DriverBlas() {}

    /**
     * Warns in the log when this JVM has another BLAS than the driver. To be called once a fit on each executor.
     *
     * @param driver what {@link Blas#backend} is there
     */
    public static void compare(String driver) {
        String difference = difference(driver, Blas.backend(), ThisJvm.host());
        if (difference != null) {
            LOG.warn(difference);
        }
    }

    /** What to say of it; null when there is none. */
    static String difference(String driver, String here, String host) {
        return here.equals(driver)
                ? null
                : "BLAS is " + here + " on " + host + " but " + driver
                        + " on the driver: bits may differ; name one with --blas";
    }
}
