package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * Reads the blocks of a {@link BlockSet}, or of a contiguous run of its lanes, for one thread. When blocks are
 * requested in increasing order, each chunk is read once. Keeps no block except the last one. Blocks in this executor's
 * memory are not copied.
 */
public final class BlockReader implements AutoCloseable {
    private final StoredBlocks blocks;
    private final TaskContext context; // null on a thread that runs no task
    private int chunk = -1;
    private Iterator<Block> open; // of the chunk
    private Block last;

    /** A reader for the thread of a task. */
    public BlockReader(StoredBlocks blocks, TaskContext context) {
        this.blocks = blocks;
        this.context = context;
    }

    /**
     * A reader for a thread that runs no task. It finds only the blocks that Spark has stored in this JVM or on its
     * disk.
     */
    public static BlockReader outsideTasks(StoredBlocks blocks) {
        return new BlockReader(blocks, null);
    }

    /** Has Spark make and cache all blocks that no executor has. */
    public void make() {
        blocks.make(blocks.firstChunk(), blocks.endChunk(), context);
    }

    /** The block with this number. */
    public Block find(int number) {
        int wanted = blocks.chunkOf(number);
        if (wanted != chunk || last.id() > number) {
            close();
            open = context == null ? blocks.openHere(wanted) : blocks.open(wanted, context);
            last = open.next();
            chunk = wanted;
        }
        while (last.id() < number) {
            last = open.next();
        }
        return last;
    }

    /** All blocks in order. */
    public Iterator<Block> all() {
        return blocks.all(blocks.firstChunk(), blocks.endChunk(), context);
    }

    /** Releases the lock and the file that {@link #find} holds. The reader can still be used. */
    @Override
    public void close() {
        Iterator<Block> rest = open;
        open = null;
        chunk = -1;
        last = null;
        if (rest != null) {
            StoredBlocks.drain(rest);
        }
    }
}
