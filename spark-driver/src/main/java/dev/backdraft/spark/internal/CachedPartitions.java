package dev.backdraft.spark.internal;

import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import scala.Option;
import scala.collection.Iterator;

/** Where Spark has the partitions of an RDD that it caches. To be asked on the driver or an executor. */
public final class CachedPartitions {
    private CachedPartitions() {}

    /** Whether an executor has a partition, in memory or on disk. Asks the driver. */
    public static boolean isAnywhere(RDD<?> rdd, int partition) {
        return !manager().master().getLocations(id(rdd, partition)).isEmpty();
    }

    /** Whether a partition is in this JVM's memory, as objects or serialized. */
    public static boolean isInMemoryHere(RDD<?> rdd, int partition) {
        Option<BlockStatus> status = manager().getStatus(id(rdd, partition));
        return status.isDefined() && status.get().memSize() > 0;
    }

    /**
     * The elements of a partition, from this JVM's memory or disk alone; for threads that are no task's. Spark's lock
     * on the partition is held until the end is reached.
     *
     * @return null when it is not here
     */
    @SuppressWarnings("unchecked") // what Spark caches of the RDD are its elements
    public static <T> Iterator<T> here(RDD<T> rdd, int partition) {
        Option<BlockResult> found = manager().getLocalValues(id(rdd, partition));
        return found.isEmpty() ? null : (Iterator<T>) (Iterator<?>) found.get().data();
    }

    private static BlockManager manager() {
        return SparkEnv.get().blockManager();
    }

    private static RDDBlockId id(RDD<?> rdd, int partition) {
        return new RDDBlockId(rdd.id(), partition);
    }
}
