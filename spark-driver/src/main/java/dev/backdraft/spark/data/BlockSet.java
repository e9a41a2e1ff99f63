package dev.backdraft.spark.data;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A training set on a cluster: blocks of rows in canonical order, cached in memory and, where that is short, on disk. The same
 * blocks, bit for bit, as {@link dev.backdraft.data.Blocks} makes in one JVM. Each partition holds a contiguous run of lanes.
 */
public final class BlockSet implements AutoCloseable {
    private static final int SORTED_PARTS_PER_PART = 4; // a partition re-reads at most part of its neighbours' rows

    private final BatchLayout layout;
    private final RDD<Block> blocks;

    private BlockSet(BatchLayout layout, RDD<Block> blocks) {
        this.layout = layout;
        this.blocks = blocks;
    }

    /**
     * Sorts rows and cuts them. Runs Spark jobs; the blocks are made when they are first used.
     *
     * @param rows with labels resolved
     * @param parts at most this many partitions
     * @return null when there are no rows
     */
    public static BlockSet of(
            JavaRDD<Example> rows,
            int featureCount,
            Preprocessing preprocessing,
            long seed,
            int batchSize,
            int lanes,
            int parts) {
        CanonicalRows sorted = CanonicalRows.of(rows, seed, parts * SORTED_PARTS_PER_PART);
        long count = 0;
        for (long partCount : sorted.counts()) {
            count += partCount;
        }
        if (count == 0) {
            return null;
        }
        BatchLayout layout = BatchLayout.of(count, batchSize, lanes);
        RDD<Block> blocks = new BlockRdd(sorted, layout, Math.min(parts, layout.lanes()), featureCount, preprocessing);
        blocks.setName("Backdraft blocks");
        blocks.persist(StorageLevel.MEMORY_AND_DISK());
        return new BlockSet(layout, blocks);
    }

    public BatchLayout layout() {
        return layout;
    }

    public RDD<Block> blocks() {
        return blocks;
    }

    public int parts() {
        return blocks.getNumPartitions();
    }

    /** The first lane of a partition; the number of lanes for {@code part = parts()}. */
    public int firstLane(int part) {
        return BlockRdd.firstLane(layout, part, parts());
    }

    /** Frees the cached blocks. */
    @Override
    public void close() {
        blocks.unpersist(false);
    }
}
