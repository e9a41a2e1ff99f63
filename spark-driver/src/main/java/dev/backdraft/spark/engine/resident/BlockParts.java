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

    /** The first of the parts of a place, when they are dealt to {@code places}. */
    static int firstOfPlace(int parts, int places, int place) {
        return (int) ((long) parts * place / places);
    }

    /** The place that a part is dealt to. */
    static int placeOf(int parts, int places, int part) {
        return (int) (((part + 1L) * places - 1) / parts);
    }
}
