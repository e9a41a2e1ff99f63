package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import dev.backdraft.spark.internal.CachedPartitions;
import java.io.Serializable;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The blocks of a {@link BlockSet}, or of a contiguous run of its lanes, wherever Spark has stored them: in this
 * executor's memory or on its disk, or on another executor. Blocks that are lost are made again. They lie in chunks of
 * a few megabytes, the partitions of an RDD that Spark caches. This class carries the partitions, because executors do
 * not know the partitions of an RDD.
 */
public final class StoredBlocks implements Serializable {
    private static final long serialVersionUID = 1;

    private final RDD<Block> blocks;
    private final int firstChunk;
    private final Partition[] partitions; // from that chunk on
    private final int[] starts; // number of the first block of each of these chunks, and after the last

    /** A chunk that was cached is lost: its file was removed, or somebody has unpersisted the blocks. */
    public static final class LostChunkException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        LostChunkException(String message) {
            super(message);
        }
    }

    /**
     * A run of chunks.
     *
     * @param partitions of these chunks
     * @param starts number of the first block of each, and after the last
     */
    StoredBlocks(RDD<Block> blocks, int firstChunk, Partition[] partitions, int[] starts) {
        this.blocks = blocks;
        this.firstChunk = firstChunk;
        this.partitions = partitions;
        this.starts = starts;
    }

    int firstChunk() {
        return firstChunk;
    }

    /** The chunk after the last. */
    int endChunk() {
        return firstChunk + partitions.length;
    }

    /** The RDD whose partitions are the chunks. */
    public RDD<Block> rdd() {
        return blocks;
    }

    /** The chunk that a block is in; for the block after the last, the chunk after the last. */
    public int chunkOf(int block) {
        int found = Arrays.binarySearch(starts, block);
        return firstChunk + (found >= 0 ? found : -found - 2);
    }

    /** The number of a chunk's first block. */
    public int firstBlock(int chunk) {
        return starts[chunk - firstChunk];
    }

    /** The blocks of a chunk in their order. Holds Spark's lock on it, and its file, until the end is reached or the task ends. */
    public Iterator<Block> open(int chunk, TaskContext context) {
        return blocks.iterator(partitions[chunk - firstChunk], context);
    }

    /**
     * The blocks of a chunk in their order, only from this executor's memory or disk; for threads that run no task.
     * Holds Spark's lock on the chunk until the end is reached.
     *
     * @throws LostChunkException when the chunk is not here
     */
    public Iterator<Block> openHere(int chunk) {
        Iterator<Block> found = CachedPartitions.here(blocks, chunk);
        if (found == null) {
            throw new LostChunkException("Spark has lost chunk " + chunk + " of " + blocks + ", which it cached");
        }
        return found;
    }

    /**
     * Has Spark make and cache those of the chunks [from, to) that no executor has, in order, so that rows are read
     * once.
     */
    public void make(int from, int to, TaskContext context) {
        for (int chunk = from; chunk < to; chunk++) {
            if (!CachedPartitions.isAnywhere(blocks, chunk)) {
                drain(open(chunk, context));
            }
        }
    }

    /** Whether a chunk is in this executor's memory, as objects. It stays there while an iterator over it is open. */
    public boolean inMemory(int chunk) {
        return CachedPartitions.isInMemoryHere(blocks, chunk);
    }

    /** Reads an iterator to its end: only then does Spark close its file and release its lock. */
    public static void drain(Iterator<Block> iterator) {
        while (iterator.hasNext()) {
            iterator.next();
        }
    }

    /** The blocks of chunks [from, to), one chunk after the other. */
    public Iterator<Block> all(int from, int to, TaskContext context) {
        java.util.Iterator<Block> all = new java.util.Iterator<>() {
            private int chunk = from;
            private Iterator<Block> open;

            @Override
            public boolean hasNext() {
                while (open == null || !open.hasNext()) {
                    if (chunk == to) {
                        return false;
                    }
                    open = StoredBlocks.this.open(chunk++, context);
                }
                return true;
            }

            @Override
            public Block next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return open.next();
            }
        };
        return CollectionConverters.asScala(all);
    }
}
