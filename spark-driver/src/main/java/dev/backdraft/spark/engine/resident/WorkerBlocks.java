package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockCursor;
import dev.backdraft.spark.data.StoredBlocks;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * The blocks that one task works on. Those of a chunk that Spark caches in this JVM's memory are held: the very objects of the
 * cache, under the read lock that an open iterator has, so that Spark neither evicts them nor counts them too low. Of those on
 * disk or on another executor, only the block that each lane is at is kept, as long as memory allows: it serves many steps.
 *
 * <p>For the task's own thread, as Spark's locks belong to a task. Other threads may {@link #get} blocks when {@link #allHeld}.
 */
final class WorkerBlocks {
    private final BlockParts training;
    private final BlockParts validation; // or null
    private final TaskContext context;
    private final Block[] held; // by number; null: not here
    private final List<SoftReference<Block>> ofLanes =
            new ArrayList<>(); // of those not held, the one that each lane is at
    private final boolean[] opened; // parts
    private final List<Iterator<Block>> locks = new ArrayList<>(); // that go with what is held
    private final BlockCursor cursor;
    private volatile boolean allHeld = true; // of the parts opened so far

    WorkerBlocks(BlockParts training, BlockParts validation, TaskContext context) {
        this.training = training;
        this.validation = validation;
        this.context = context;
        held = new Block[training.layout().blockCount()];
        opened = new boolean[training.count()];
        cursor = new BlockCursor(training.stored(), context);
        for (int lane = 0; lane < training.layout().lanes(); lane++) {
            ofLanes.add(new SoftReference<>(null));
        }
    }

    BlockParts training() {
        return training;
    }

    BlockParts validation() {
        return validation;
    }

    TaskContext context() {
        return context;
    }

    /** Whether every part used so far is held in memory: then {@link #get} of its blocks is for any thread. */
    boolean allHeld() {
        return allHeld;
    }

    /** The training block of this number. */
    Block get(int number) {
        Block block = held[number];
        return block != null ? block : load(number);
    }

    private Block load(int number) {
        int lane = training.layout().laneOfBlock(number);
        int part = training.partOfLane(lane);
        if (!opened[part]) {
            open(part);
            opened[part] = true;
            if (held[number] != null) {
                return held[number];
            }
        }
        if (training.layout().stepsPerEpoch() == 1) {
            return cursor.find(number); // every step wants all of them
        }
        Block block = ofLanes.get(lane).get();
        if (block == null || block.id() != number) {
            block = cursor.find(number);
            cursor.close(); // the next is elsewhere
            ofLanes.set(lane, new SoftReference<>(block));
        }
        return block;
    }

    /**
     * Makes the blocks of a part, as far as nobody has, and holds those that are in this JVM's memory. Not in one go: while
     * nothing is held, Spark can move blocks to disk, and give their memory to the sorting of the rows.
     */
    private void open(int part) {
        StoredBlocks stored = training.stored();
        int end = training.firstChunk(part + 1);
        stored.make(training.firstChunk(part), end, context);
        for (int chunk = training.firstChunk(part); chunk < end; chunk++) {
            if (stored.inMemory(chunk)) {
                hold(stored, chunk);
            } else {
                allHeld = false;
            }
        }
    }

    private void hold(StoredBlocks stored, int chunk) {
        Iterator<Block> blocks = stored.open(chunk, context);
        if (!stored.inMemory(chunk)) { // it was evicted in between: what is open is a copy
            StoredBlocks.drain(blocks);
            allHeld = false;
            return;
        }
        for (int number = stored.firstBlock(chunk); number < stored.firstBlock(chunk + 1); number++) {
            held[number] = blocks.next(); // no question whether there are more: the answer would give up the lock
        }
        locks.add(blocks);
    }
}
