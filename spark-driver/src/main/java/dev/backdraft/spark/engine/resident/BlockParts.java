package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockSet;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;

/**
 * A {@link BlockSet} as a worker sees it: any of its partitions can be opened, not only those that the worker's task was made
 * for. So any worker can do any other's work. Carries the partitions, as executors do not know an RDD's partitions.
 */
final class BlockParts implements Serializable {
    private static final long serialVersionUID = 1;

    private final RDD<Block> blocks;
    private final Partition[] partitions;
    private final BatchLayout layout;
    private final int[] firstLanes; // of each partition, and behind the last

    BlockParts(BlockSet set) {
        this(set.blocks(), set.layout(), firstLanes(set));
    }

    /** @param firstLanes of each partition, and the number of lanes */
    BlockParts(RDD<Block> blocks, BatchLayout layout, int[] firstLanes) {
        this.blocks = blocks;
        this.layout = layout;
        this.firstLanes = firstLanes;
        partitions = blocks.partitions();
    }

    private static int[] firstLanes(BlockSet set) {
        int[] firstLanes = new int[set.parts() + 1];
        for (int part = 0; part < firstLanes.length; part++) {
            firstLanes[part] = set.firstLane(part);
        }
        return firstLanes;
    }

    RDD<Block> blocks() {
        return blocks;
    }

    BatchLayout layout() {
        return layout;
    }

    /** Number of partitions. */
    int count() {
        return partitions.length;
    }

    /** The first lane of a partition; the number of lanes for {@code part = count()}. */
    int firstLane(int part) {
        return firstLanes[part];
    }

    /** The number of a partition's first block; the number of blocks for {@code part = count()}. */
    int firstBlock(int part) {
        return layout.firstBlock(firstLanes[part]);
    }

    /** The lane that a block is of. */
    int laneOfBlock(int block) {
        int low = 0;
        int high = layout.lanes();
        while (high - low > 1) { // firstBlock(low) <= block < firstBlock(high)
            int middle = (low + high) >>> 1;
            if (layout.firstBlock(middle) <= block) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The partition that a lane is in. */
    int partOfLane(int lane) {
        int found = Arrays.binarySearch(firstLanes, lane);
        return found >= 0 ? found : -found - 2;
    }

    /** The blocks of a partition in their order: from this executor's memory or disk, from another's, or made again. */
    Iterator<Block> open(int part, TaskContext context) {
        return blocks.iterator(partitions[part], context);
    }

    /** The first of the partitions that are worker {@code index}'s own when all {@code workers} are there. */
    static int firstOwn(int parts, int workers, int index) {
        return (int) ((long) parts * index / workers);
    }

    /** The worker that a partition is the own of. */
    static int owner(int parts, int workers, int part) {
        return (int) (((part + 1L) * workers - 1) / parts);
    }
}
