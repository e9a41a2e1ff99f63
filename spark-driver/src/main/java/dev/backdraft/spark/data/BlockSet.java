package dev.backdraft.spark.data;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.EvenSplit;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Iterator;

/**
 * A training set on a cluster: blocks of rows in canonical order, cached in memory and, where that is short, on disk. The same
 * blocks, bit for bit, as {@link dev.backdraft.data.Blocks} makes in one JVM.
 *
 * <p>Lanes are dealt to <em>parts</em>, contiguous runs of them; a task works on a part. The blocks of a part lie in <em>chunks</em>
 * of a few megabytes, so that memory holds as many as it can, and reading a block from disk does not read much else.
 *
 * <p>A task of resident workers carries the set, so that any worker can read any block. A task of one step receives
 * only its own part, from {@link #runs}.
 */
public final class BlockSet implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1;

    private static final int SORTED_PARTS_PER_PART = 4; // a partition re-reads at most part of its neighbors' rows
    private static final long SORTED_BYTES = 64 << 20; // that a task should have to sort at once
    private static final long CHUNK_BYTES = 4 << 20;

    private final BatchLayout layout;
    private final RDD<Block> blocks;
    private final StoredBlocks stored;
    private final transient RDD<BlockReader> runs; // on the driver
    private final int parts;

    private BlockSet(BatchLayout layout, RDD<Block> blocks, int[] chunks, int[] firstChunks) {
        this.layout = layout;
        this.blocks = blocks;
        stored = new StoredBlocks(blocks, 0, blocks.partitions(), chunks);
        runs = new RunRdd(blocks, chunks, firstChunks);
        parts = firstChunks.length - 1;
    }

    /**
     * Sorts rows and cuts them. Runs Spark jobs; the blocks are made when they are first used.
     *
     * @param rows with labels resolved
     * @param about how many rows there are, as far as is known: many are sorted in more pieces
     * @param parts at most this many
     * @return null when there are no rows
     */
    public static BlockSet of(
            JavaRDD<Example> rows,
            long about,
            int featureCount,
            Preprocessing preprocessing,
            long seed,
            int batchSize,
            int lanes,
            int parts) {
        CanonicalRows sorted = CanonicalRows.of(rows, seed, sortedParts(about, featureCount, parts));
        long count = 0;
        for (long partCount : sorted.counts()) {
            count += partCount;
        }
        if (count == 0) {
            return null;
        }
        BatchLayout layout = BatchLayout.of(count, batchSize, lanes);
        int[] firstChunks = new int[Math.min(parts, layout.lanes()) + 1];
        int[] chunks = chunks(layout, featureCount, firstChunks);
        RDD<Block> blocks = new BlockRdd(sorted, layout, chunks, featureCount, preprocessing);
        blocks.setName("Backdraft blocks");
        blocks.persist(StorageLevel.MEMORY_AND_DISK());
        return new BlockSet(layout, blocks, chunks, firstChunks);
    }

    private static int sortedParts(long rows, int featureCount, int parts) {
        long bytes = rows * featureCount * Float.BYTES; // at most: sparse rows have fewer
        long pieces = Math.min(bytes / SORTED_BYTES, rows / BatchLayout.MOST_BLOCK_ROWS);
        return (int) Math.max((long) parts * SORTED_PARTS_PER_PART, Math.min(pieces, Integer.MAX_VALUE));
    }

    /**
     * Cuts the blocks of each part into chunks.
     *
     * @param firstChunks of each part, and after the last; overwritten
     * @return number of the first block of each chunk, and after the last
     */
    private static int[] chunks(BatchLayout layout, int featureCount, int[] firstChunks) {
        long blockBytes = (long) layout.blockRows() * featureCount * Float.BYTES;
        int blocksEach = (int) Math.max(1, Math.min(CHUNK_BYTES / blockBytes, layout.blockCount()));
        IntStream.Builder chunks = IntStream.builder();
        int count = 0;
        int parts = firstChunks.length - 1;
        for (int part = 0; part < parts; part++) {
            firstChunks[part] = count;
            int end = layout.firstBlock(firstLane(layout, part + 1, parts));
            for (int block = layout.firstBlock(firstLane(layout, part, parts)); block < end; block += blocksEach) {
                chunks.add(block);
                count++;
            }
        }
        firstChunks[parts] = count;
        return chunks.add(layout.blockCount()).build().toArray();
    }

    public BatchLayout layout() {
        return layout;
    }

    /** The blocks by number. */
    public StoredBlocks stored() {
        return stored;
    }

    /** A partition for each part, whose one element reads the blocks of the part. Only on the driver. */
    public RDD<BlockReader> runs() {
        return runs;
    }

    public int parts() {
        return parts;
    }

    /** The first lane of a part; the number of lanes for {@code part = parts()}. */
    public int firstLane(int part) {
        return firstLane(layout, part, parts);
    }

    private static int firstLane(BatchLayout layout, int part, int parts) {
        return EvenSplit.first(layout.lanes(), parts, part);
    }

    /** The part that a lane is in. */
    public int partOfLane(int lane) {
        return EvenSplit.runOf(layout.lanes(), parts, lane);
    }

    /** The first of the chunks that contain the blocks of a part; the number of chunks for {@code part = parts()}. */
    public int firstChunk(int part) {
        return stored.chunkOf(layout.firstBlock(firstLane(part)));
    }

    /** The blocks of a part in order. */
    public Iterator<Block> all(int part, TaskContext context) {
        return stored.all(firstChunk(part), firstChunk(part + 1), context);
    }

    /** Frees the cached blocks. */
    @Override
    public void close() {
        Cancellation.shield(() -> blocks.unpersist(false));
    }
}
