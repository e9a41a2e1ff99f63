package dev.backdraft.spark.data;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * Training blocks that steps can use without asking Spark for them. There are two kinds. Blocks that Spark caches in
 * this JVM's memory are {@linkplain #hold held}: they are the objects of Spark's cache, each under the read lock of a
 * task, so that Spark neither evicts them nor underestimates their size. Of all other blocks, those on disk or on
 * another executor, the cache keeps one per lane, the block that the lane is using now, for as long as memory allows: a
 * block serves many steps.
 *
 * <p>All routes use this class: one Spark job per step, resident workers, and the threads of a local master.
 * Thread-safe.
 */
public final class BlockCache {
    private final BatchLayout layout;
    private final AtomicReferenceArray<Block> held; // by number
    private final AtomicReferenceArray<SoftReference<Block>> ofLanes; // null when each step uses all blocks

    public BlockCache(BatchLayout layout) {
        this.layout = layout;
        held = new AtomicReferenceArray<>(layout.blockCount());
        ofLanes = layout.stepsPerEpoch() == 1 ? null : new AtomicReferenceArray<>(layout.lanes());
    }

    /** Whether a block is held. */
    public boolean isHeld(int number) {
        return held.get(number) != null;
    }

    /**
     * The block with this number.
     *
     * @param reader of the calling thread; reads the block unless it is in the cache
     */
    public Block get(int number, BlockReader reader) {
        Block block = held.get(number);
        if (block != null) {
            return block;
        }
        if (ofLanes == null) {
            return reader.find(number);
        }
        int lane = layout.laneOfBlock(number);
        SoftReference<Block> kept = ofLanes.get(lane);
        block = kept == null ? null : kept.get();
        if (block == null || block.id() != number) {
            block = reader.find(number);
            reader.close(); // the next block is usually in another chunk
            ofLanes.set(lane, new SoftReference<>(block));
        }
        return block;
    }

    /**
     * Makes the blocks of a part that nobody has made yet, and holds those that are in this JVM's memory until the task
     * ends. Makes all of them before it holds any: as long as none is held, Spark can move blocks to disk and use their
     * memory to sort rows.
     *
     * @param context of the task on whose thread this is called
     */
    public void hold(BlockSet set, int part, TaskContext context) {
        StoredBlocks stored = set.stored();
        int end = set.firstChunk(part + 1);
        stored.make(set.firstChunk(part), end, context);
        for (int chunk = set.firstChunk(part); chunk < end; chunk++) {
            if (stored.inMemory(chunk)) {
                holdChunk(stored, chunk, context);
            } else {
                drop(stored, chunk);
            }
        }
    }

    private void holdChunk(StoredBlocks stored, int chunk, TaskContext context) {
        Iterator<Block> blocks = stored.open(chunk, context);
        if (!stored.inMemory(chunk)) { // evicted in the meantime: the iterator is over a copy
            StoredBlocks.drain(blocks);
            drop(stored, chunk);
            return;
        }
        for (int number = stored.firstBlock(chunk); number < stored.firstBlock(chunk + 1); number++) {
            held.set(number, blocks.next()); // never calls hasNext() at the end: it would release the lock
        }
    }

    /** Forgets blocks that an earlier task held and that Spark has evicted since. */
    private void drop(StoredBlocks stored, int chunk) {
        for (int number = stored.firstBlock(chunk); number < stored.firstBlock(chunk + 1); number++) {
            held.set(number, null);
        }
    }
}
