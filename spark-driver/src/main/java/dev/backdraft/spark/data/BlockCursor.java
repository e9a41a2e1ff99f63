package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * Finds blocks by number, for one task. Asked for in rising order, it reads each chunk once; keeps no block but the last. What is
 * in this executor's memory is not copied.
 */
public final class BlockCursor implements AutoCloseable {
    private final StoredBlocks blocks;
    private final TaskContext context;
    private int chunk = -1;
    private Iterator<Block> open; // of the chunk
    private Block last;

    public BlockCursor(StoredBlocks blocks, TaskContext context) {
        this.blocks = blocks;
        this.context = context;
    }

    /** The block of this number. */
    public Block find(int number) {
        int wanted = blocks.chunkOf(number);
        if (wanted != chunk || last.id() > number) {
            close();
            open = blocks.open(wanted, context);
            chunk = wanted;
            last = open.next();
        }
        while (last.id() < number) {
            last = open.next();
        }
        return last;
    }

    /** Gives up what Spark keeps open. */
    @Override
    public void close() {
        if (open != null) {
            StoredBlocks.drain(open);
            open = null;
            chunk = -1;
            last = null;
        }
    }
}
