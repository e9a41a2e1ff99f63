package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/** The blocks of a contiguous run of lanes, within a task. */
public final class BlockRun implements AutoCloseable {
    private final StoredBlocks blocks;
    private final TaskContext context;
    private final BlockCursor cursor;

    BlockRun(StoredBlocks blocks, TaskContext context) {
        this.blocks = blocks;
        this.context = context;
        cursor = new BlockCursor(blocks, context);
    }

    /** Has Spark make and cache all blocks, as far as no executor has them. */
    public void make() {
        blocks.make(blocks.firstChunk(), blocks.endChunk(), context);
    }

    /** The block of this number. Asked for in rising order, each is read once. */
    public Block find(int number) {
        return cursor.find(number);
    }

    /** All blocks in their order. */
    public Iterator<Block> all() {
        return blocks.all(blocks.firstChunk(), blocks.endChunk(), context);
    }

    /** Gives up what {@link #find} keeps open. */
    @Override
    public void close() {
        cursor.close();
    }
}
