package dev.backdraft.spark.engine.resident;

import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.internal.ThisJvm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the BLAS of executors with that of the driver: different ones round differently. */
public final class DriverBlas {
    private static final Logger LOG = LoggerFactory.getLogger(DriverBlas.class);

    private DriverBlas() {}

    /**
     * Warns in the log when this JVM has another BLAS than the driver. To be called once per fit on each executor.
     *
     * @param driver the driver's {@link Blas#backend}
     */
    public static void compare(String driver) {
        String difference = difference(driver, Blas.backend(), ThisJvm.host());
        if (difference != null) {
            LOG.warn(difference);
        }
    }

    /** A description of the difference; null when there is none. */
    static String difference(String driver, String here, String host) {
        return here.equals(driver)
                ? null
                : "BLAS is " + here + " on " + host + " but " + driver
                        + " on the driver: bits may differ; name one with --blas";
    }
}
