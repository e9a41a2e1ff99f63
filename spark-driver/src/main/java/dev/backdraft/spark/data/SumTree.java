package dev.backdraft.spark.data;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Adds up one sum of each partition. Where the sums of all partitions would crowd the driver, executors add them first, in as many
 * rounds as it takes. For sums that no order of adding changes.
 */
final class SumTree {
    private static final long MOST_BYTES = 64 << 20; // that come to the driver
    private static final int SHARE_OF_RESULTS = 8; // of spark.driver.maxResultSize, at most
    private static final int MOST_ROUNDS = 16;

    private SumTree() {}

    /**
     * Adds up.
     *
     * @param parts at least one partition
     * @param sum of a partition's only element
     * @param bytes of a sum when it is sent, about
     * @param add adds the second to the first, and returns that
     */
    static <T, S extends Serializable> S of(JavaRDD<T> parts, Function<T, S> sum, long bytes, Function2<S, S, S> add) {
        int rounds = rounds(
                parts.getNumPartitions(), bytes, mostBytes(parts.context().getConf()));
        return parts.map(sum).treeReduce(add, rounds);
    }

    private static long mostBytes(SparkConf conf) {
        long results = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        return results <= 0 ? MOST_BYTES : Math.min(MOST_BYTES, results / SHARE_OF_RESULTS); // 0: no limit
    }

    /** The depth for Spark's tree, of which about twice the root of that degree of the partitions comes to the driver. */
    static int rounds(int partitions, long bytes, long mostBytes) {
        if (partitions * bytes <= mostBytes) {
            return 1;
        }
        int rounds = 2;
        while (rounds < MOST_ROUNDS && 2 * Math.ceil(Math.pow(partitions, 1.0 / rounds)) * bytes > mostBytes) {
            rounds++;
        }
        return rounds;
    }
}
