package dev.backdraft.spark.engine.resident.driver;

import org.apache.spark.SparkConf;

/**
 * Time limits and network settings of resident workers. None of them changes a result.
 *
 * @param registrationMillis how long the parts of a worker wait for it, at the start or after it was lost, before other
 *     workers compute them; also how long tasks may run before one of them has connected to the driver; 0 for no wait;
 *     {@code spark.backdraft.registrationTimeout}, 30 s
 * @param stepMillis how long a worker may take for a step before other workers, if any are free, do its work; {@code
 *     spark.backdraft.stepTimeout}, 10 min
 * @param port of the driver that executors connect to, 0 for any; {@code spark.backdraft.port}
 * @param fanOut number of executors that the driver itself sends parameters to and receives sums from, when vectors are
 *     large; {@code spark.backdraft.fanOut}, 2
 */
public record ResidentSettings(long registrationMillis, long stepMillis, int port, int fanOut) {
    private static final int SMALL = 1 << 14; // floats: a vector of one frame is no load for the driver

    public ResidentSettings {
        if (registrationMillis < 0) {
            throw new IllegalArgumentException(
                    "spark.backdraft.registrationTimeout is at least 0ms, not " + registrationMillis + "ms");
        }
        if (stepMillis < 1) {
            throw new IllegalArgumentException("spark.backdraft.stepTimeout is at least 1ms, not " + stepMillis + "ms");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("spark.backdraft.port is 0 to 65535, not " + port);
        }
        if (fanOut < 1) {
            throw new IllegalArgumentException("spark.backdraft.fanOut is at least 1, not " + fanOut);
        }
    }

    /** The number of executors that the driver itself sends vectors of this length to, and receives sums from. */
    public int neighbors(int length, int executors) {
        return usesTree(length, executors) ? fanOut : executors;
    }

    /** Whether executors forward vectors of this length to each other, so that the driver does not send all of them. */
    boolean usesTree(int length, int executors) {
        return executors > fanOut && length >= SMALL;
    }

    /** The settings of a Spark application. */
    public static ResidentSettings of(SparkConf conf) {
        return new ResidentSettings(
                conf.getTimeAsMs("spark.backdraft.registrationTimeout", "30s"),
                conf.getTimeAsMs("spark.backdraft.stepTimeout", "600s"),
                conf.getInt("spark.backdraft.port", 0),
                conf.getInt("spark.backdraft.fanOut", 2));
    }
}
