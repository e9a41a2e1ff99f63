package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * The blocks that one task works on. Those of a partition that Spark caches in this JVM's memory are held: the very objects of
 * the cache, under the read lock that an open iterator has, so that Spark neither evicts them nor counts them too low. Of a
 * partition that is on disk or on another executor only the block that each lane is at is kept; it serves many steps, and when
 * the next is wanted the partition is read on.
 *
 * <p>For the task's own thread, as Spark's locks belong to a task. Other threads may {@link #get} blocks when {@link #allHeld}.
 */
final class WorkerBlocks {
    private final BlockParts training;
    private final BlockParts validation; // or null
    private final TaskContext context;
    private final Block[] blocks; // by number; null: not here
    private final int[] blockOfLane; // of partitions that are not held, the block kept of each lane; −1: none
    private final Cursor[] cursors; // by partition; null: not yet opened
    private volatile boolean allHeld = true; // of the partitions opened so far

    WorkerBlocks(BlockParts training, BlockParts validation, TaskContext context) {
        this.training = training;
        this.validation = validation;
        this.context = context;
        blocks = new Block[training.layout().blockCount()];
        blockOfLane = new int[training.layout().lanes()];
        Arrays.fill(blockOfLane, -1);
        cursors = new Cursor[training.count()];
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

    /** Whether every partition used so far is held in memory: then {@link #get} of its blocks is for any thread. */
    boolean allHeld() {
        return allHeld;
    }

    /** The training block of this number. */
    Block get(int number) {
        Block block = blocks[number];
        return block != null ? block : load(number);
    }

    private Block load(int number) {
        int lane = training.laneOfBlock(number);
        int part = training.partOfLane(lane);
        if (cursors[part] == null) {
            open(part);
            if (blocks[number] != null) {
                return blocks[number];
            }
        }
        Block block = cursors[part].find(number);
        if (blockOfLane[lane] >= 0) {
            blocks[blockOfLane[lane]] = null;
        }
        blockOfLane[lane] = number;
        blocks[number] = block;
        return block;
    }

    /**
     * Opens a partition twice. The first time it is made and cached, if it was not; if then both give the same object, it is
     * the cached one, and not a copy read from somewhere.
     */
    private void open(int part) {
        Iterator<Block> first = training.open(part, context);
        Cursor cursor = new Cursor(part);
        cursors[part] = cursor;
        Block block = first.next();
        Iterator<Block> second = training.open(part, context);
        Block again = second.next();
        if (block == again) { // first stays open, and with it its lock, until the task ends
            blocks[again.id()] = again;
            while (second.hasNext()) {
                Block next = second.next();
                blocks[next.id()] = next;
            }
        } else {
            allHeld = false;
            drain(first);
            cursor.startAt(second, again);
        }
    }

    /** Reads an iterator to its end: only then does Spark close its file and give up its lock. */
    private static void drain(Iterator<Block> iterator) {
        while (iterator.hasNext()) {
            iterator.next();
        }
    }

    /** Reads on in one partition, as lanes are asked for in their order; from the start again when a block is behind. */
    private final class Cursor {
        private final int part;
        private Iterator<Block> iterator;
        private Block last;

        Cursor(int part) {
            this.part = part;
        }

        void startAt(Iterator<Block> open, Block first) {
            iterator = open;
            last = first;
        }

        Block find(int number) {
            if (last.id() > number) {
                drain(iterator);
                Iterator<Block> open = training.open(part, context);
                startAt(open, open.next());
            }
            while (last.id() < number) {
                last = iterator.next();
            }
            return last;
        }
    }
}
