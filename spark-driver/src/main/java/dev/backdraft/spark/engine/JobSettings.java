package dev.backdraft.spark.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * How a job per step moves its vectors. None changes a result.
 *
 * @param largestInTask bytes of parameters that travel in the task; more are broadcast. {@code spark.backdraft.job.inTask}, 512k
 * @param crowd bytes of sums that are too many for the driver: then executors add them first. {@code spark.backdraft.job.crowd},
 *     by default half of {@code spark.driver.maxResultSize}, and at most an eighth of the driver's heap, as each sum is there
 *     three times: as it comes from the network, as a result, and as a vector
 * @param largestResult bytes that a task returns straight to the driver
 */
record JobSettings(int largestInTask, long crowd, long largestResult) {
    JobSettings {
        if (largestInTask < 0 || crowd < 0) {
            throw new IllegalArgumentException("sizes must not be negative: spark.backdraft.job.inTask " + largestInTask
                    + ", spark.backdraft.job.crowd " + crowd);
        }
    }

    /** As a Spark application is configured. */
    static JobSettings of(SparkConf conf) {
        long results = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        long heap = Runtime.getRuntime().maxMemory() / 8;
        long crowd = results == 0 ? heap : Math.min(results / 2, heap);
        return new JobSettings(
                (int) Math.min(Integer.MAX_VALUE, conf.getSizeAsBytes("spark.backdraft.job.inTask", "512k")),
                conf.getSizeAsBytes("spark.backdraft.job.crowd", crowd + "b"),
                Math.min(
                        conf.getSizeAsBytes("spark.task.maxDirectResultSize", "1m"),
                        conf.getSizeAsMb("spark.rpc.message.maxSize", "128m") << 20));
    }

    /**
     * The number of groups whose sums executors add before they send them: none while those of the partitions do not crowd the
     * driver; else the power of two next to √parts, so that neither level takes many.
     *
     * @param parts partitions with active lanes
     * @param length of a vector
     * @return 0 for no groups
     */
    int groups(int parts, int length) {
        long vector = (long) Float.BYTES * length;
        if (parts < 4 || parts * vector <= crowd) {
            return 0;
        }
        int groups = 2;
        while (groups * groups < parts) {
            groups *= 2;
        }
        return groups;
    }

    /** What would make a step faster that only the owner of the Spark session can set. */
    List<String> advice(int length) {
        List<String> advice = new ArrayList<>();
        long vector = (long) Float.BYTES * length;
        if (vector > largestResult) {
            advice.add(String.format(
                    Locale.ROOT,
                    "sums of %,d bytes go through Spark's block manager, as results of more than %,d do:"
                            + " spark.task.maxDirectResultSize=100m avoids that",
                    vector,
                    largestResult));
        }
        return advice;
    }
}
