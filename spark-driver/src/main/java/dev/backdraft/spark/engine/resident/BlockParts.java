package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.StoredBlocks;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * A {@link BlockSet} as a worker sees it: any of its parts can be opened, not only those that the worker's task was made for. So
 * any worker can do any other's work.
 */
final class BlockParts implements Serializable {
    private static final long serialVersionUID = 1;

    private final StoredBlocks stored;
    private final BatchLayout layout;
    private final int[] firstLanes; // of each part, and behind the last

    BlockParts(BlockSet set) {
        stored = set.stored();
        layout = set.layout();
        firstLanes = new int[set.parts() + 1];
        for (int part = 0; part < firstLanes.length; part++) {
            firstLanes[part] = set.firstLane(part);
        }
    }

    StoredBlocks stored() {
        return stored;
    }

    BatchLayout layout() {
        return layout;
    }

    /** Number of parts. */
    int count() {
        return firstLanes.length - 1;
    }

    /** The first lane of a part; the number of lanes for {@code part = count()}. */
    int firstLane(int part) {
        return firstLanes[part];
    }

    /** The number of a part's first block; the number of blocks for {@code part = count()}. */
    int firstBlock(int part) {
        return layout.firstBlock(firstLanes[part]);
    }

    /** The first of the chunks that a part's blocks lie in; the number of chunks for {@code part = count()}. */
    int firstChunk(int part) {
        return stored.chunkOf(firstBlock(part));
    }

    /** The part that a lane is in. */
    int partOfLane(int lane) {
        int found = Arrays.binarySearch(firstLanes, lane);
        return found >= 0 ? found : -found - 2;
    }

    /** The blocks of a part in their order. */
    Iterator<Block> all(int part, TaskContext context) {
        return stored.all(firstChunk(part), firstChunk(part + 1), context);
    }

    /** The first of the parts that are worker {@code index}'s own when all {@code workers} are there. */
    static int firstOwn(int parts, int workers, int index) {
        return (int) ((long) parts * index / workers);
    }

    /** The worker that a part is the own of. */
    static int owner(int parts, int workers, int part) {
        return (int) (((part + 1L) * workers - 1) / parts);
    }
}
