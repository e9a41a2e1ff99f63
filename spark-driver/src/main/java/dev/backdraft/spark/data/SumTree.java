package dev.backdraft.spark.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Adds up one sum of each partition. Where the sums of all partitions would crowd the driver, executors add them first, in as many
 * rounds as it takes. For sums that no order of adding changes. They travel as bytes, which every serializer of Spark can send.
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
     * @param type of the sums
     * @param bytes of a sum when it is sent, about
     * @param add adds the second to the first, and returns that
     */
    static <T, S extends Serializable> S of(
            JavaRDD<T> parts, Function<T, S> sum, Class<S> type, long bytes, Function2<S, S, S> add) {
        int rounds = rounds(
                parts.getNumPartitions(), bytes, mostBytes(parts.context().getConf()));
        byte[] all = parts.map(part -> write(sum.call(part)))
                .treeReduce((a, b) -> write(add.call(read(a, type), read(b, type))), rounds);
        return read(all, type);
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

    private static byte[] write(Serializable sum) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sum);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory
        }
        return bytes.toByteArray();
    }

    /** Reads what this application has written. */
    private static <S> S read(byte[] sum, Class<S> type) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sum))) {
            return type.cast(in.readObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
