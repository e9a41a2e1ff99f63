package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockCursor;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;

/**
 * The blocks that one task works on. Those that Spark caches in this JVM's memory are {@linkplain HeldBlocks held}. Of
 * those on disk or on another executor, only the block that each lane is at is kept, as long as memory allows: it
 * serves many steps.
 *
 * <p>For the task's own thread, as Spark's locks belong to a task.
 */
final class WorkerBlocks {
    private final BlockParts training;
    private final BlockParts validation; // or null
    private final TaskContext context;
    private final HeldBlocks held;
    private final List<SoftReference<Block>> ofLanes =
            new ArrayList<>(); // of those not held, the one that each lane is at
    private final boolean[] opened; // parts
    private final BlockCursor cursor;

    WorkerBlocks(BlockParts training, BlockParts validation, TaskContext context) {
        this.training = training;
        this.validation = validation;
        this.context = context;
        held = new HeldBlocks(training);
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

    /** The training block of this number. */
    Block get(int number) {
        Block block = held.get(number);
        return block != null ? block : load(number);
    }

    private Block load(int number) {
        int lane = training.layout().laneOfBlock(number);
        int part = training.partOfLane(lane);
        if (!opened[part]) {
            held.hold(part, context);
            opened[part] = true;
            Block block = held.get(number);
            if (block != null) {
                return block;
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
}
