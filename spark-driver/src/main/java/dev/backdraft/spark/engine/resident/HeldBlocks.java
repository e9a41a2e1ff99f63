package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.StoredBlocks;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * The blocks of a set that are held in this JVM's memory: the very objects of Spark's cache, each under the read lock
 * of a task, so that Spark neither evicts them nor counts them too low. Thread-safe.
 */
final class HeldBlocks {
    private final BlockParts parts;
    private final AtomicReferenceArray<Block> held; // by number

    HeldBlocks(BlockParts parts) {
        this.parts = parts;
        held = new AtomicReferenceArray<>(parts.layout().blockCount());
    }

    /** The block of this number; null when it is not held. */
    Block get(int number) {
        return held.get(number);
    }

    /**
     * Makes the blocks of a part, as far as nobody has, and holds those that are in this JVM's memory until the task
     * ends. Not in one go: while nothing is held, Spark can move blocks to disk, and give their memory to the sorting
     * of the rows.
     *
     * @param context of the task whose thread calls
     */
    void hold(int part, TaskContext context) {
        StoredBlocks stored = parts.stored();
        int end = parts.firstChunk(part + 1);
        stored.make(parts.firstChunk(part), end, context);
        for (int chunk = parts.firstChunk(part); chunk < end; chunk++) {
            if (stored.inMemory(chunk)) {
                holdChunk(stored, chunk, context);
            } else {
                drop(stored, chunk);
            }
        }
    }

    private void holdChunk(StoredBlocks stored, int chunk, TaskContext context) {
        Iterator<Block> blocks = stored.open(chunk, context);
        if (!stored.inMemory(chunk)) { // it was evicted in between: what is open is a copy
            StoredBlocks.drain(blocks);
            drop(stored, chunk);
            return;
        }
        for (int number = stored.firstBlock(chunk); number < stored.firstBlock(chunk + 1); number++) {
            held.set(number, blocks.next()); // no question whether there are more: the answer would give up the lock
        }
    }

    /** What an earlier task has held, and Spark has evicted since. */
    private void drop(StoredBlocks stored, int chunk) {
        for (int number = stored.firstBlock(chunk); number < stored.firstBlock(chunk + 1); number++) {
            held.set(number, null);
        }
    }
}
