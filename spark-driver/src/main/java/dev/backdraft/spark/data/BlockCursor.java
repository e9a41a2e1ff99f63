package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import java.util.function.IntFunction;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * Finds blocks by number, for one thread. Asked for in rising order, it reads each chunk once; keeps no block but the
 * last. What is in this executor's memory is not copied.
 */
public final class BlockCursor implements AutoCloseable {
    private final StoredBlocks blocks;
    private final IntFunction<Iterator<Block>> opener;
    private int chunk = -1;
    private Iterator<Block> open; // of the chunk
    private Block last;

    public BlockCursor(StoredBlocks blocks, TaskContext context) {
        this(blocks, chunk -> blocks.open(chunk, context));
    }

    private BlockCursor(StoredBlocks blocks, IntFunction<Iterator<Block>> opener) {
        this.blocks = blocks;
        this.opener = opener;
    }

    /** A cursor for a thread that is no task's, over blocks that this executor has stored. */
    public static BlockCursor here(StoredBlocks blocks) {
        return new BlockCursor(blocks, blocks::openHere);
    }

    /** The block of this number. */
    public Block find(int number) {
        int wanted = blocks.chunkOf(number);
        if (wanted != chunk || last.id() > number) {
            close();
            open = opener.apply(wanted);
            last = open.next();
            chunk = wanted;
        }
        while (last.id() < number) {
            last = open.next();
        }
        return last;
    }

    /** Gives up what Spark keeps open. */
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
