package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockCursor;
import java.lang.ref.SoftReference;
import java.util.AbstractList;
import java.util.Queue;
import java.util.RandomAccess;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.spark.TaskContext;

/**
 * The blocks of a set in the driver's own JVM, whose master is local, for threads that are no task's. Tasks {@linkplain
 * #hold hold} those that are in memory; the others are read from Spark's files. Of these, the block that each lane is
 * at is kept, as long as memory allows. Thread-safe once each part has been held.
 */
final class LocalBlocks extends AbstractList<Block> implements RandomAccess, AutoCloseable {
    private final BlockParts parts;
    private final HeldBlocks held;
    private final AtomicReferenceArray<SoftReference<Block>> ofLanes; // null where every block is used once in turn
    private final ThreadLocal<BlockCursor> cursor = ThreadLocal.withInitial(this::newCursor);
    private final Queue<BlockCursor> cursors = new ConcurrentLinkedQueue<>();

    LocalBlocks(BlockParts parts) {
        this.parts = parts;
        held = new HeldBlocks(parts);
        ofLanes = parts.layout().stepsPerEpoch() == 1
                ? null
                : new AtomicReferenceArray<>(parts.layout().lanes());
    }

    private BlockCursor newCursor() {
        BlockCursor made = BlockCursor.here(parts.stored());
        cursors.add(made);
        return made;
    }

    int parts() {
        return parts.count();
    }

    /** Makes the blocks of a part, as far as they are not there, and holds those in memory until the task ends. */
    void hold(int part, TaskContext context) {
        held.hold(part, context);
    }

    @Override
    public int size() {
        return parts.layout().blockCount();
    }

    @Override
    public Block get(int number) {
        Block block = held.get(number);
        return block != null ? block : load(number);
    }

    private Block load(int number) {
        BlockCursor mine = cursor.get();
        if (ofLanes == null) {
            return mine.find(number);
        }
        int lane = parts.layout().laneOfBlock(number);
        SoftReference<Block> kept = ofLanes.get(lane);
        Block block = kept == null ? null : kept.get();
        if (block == null || block.id() != number) {
            block = mine.find(number);
            mine.close(); // the next is elsewhere
            ofLanes.set(lane, new SoftReference<>(block));
        }
        return block;
    }

    /** Gives up Spark's locks, once no other thread asks for blocks. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (BlockCursor each : cursors) {
            try {
                each.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        cursor.remove();
        if (failure != null) {
            throw failure;
        }
    }
}
