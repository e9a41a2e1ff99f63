package dev.backdraft.spark.engine.local;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockCache;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.spark.data.BlockSet;
import java.util.AbstractList;
import java.util.Queue;
import java.util.RandomAccess;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.TaskContext;

/**
 * The blocks of a set as a list, for threads of the driver's JVM that run no tasks, when the master is local. Tasks
 * {@linkplain #hold hold} the blocks that are in memory; the others are read from Spark's files. Thread-safe once each
 * part has been held.
 */
final class LocalBlocks extends AbstractList<Block> implements RandomAccess, AutoCloseable {
    private final BlockSet set;
    private final BlockCache cache;
    private final ThreadLocal<BlockReader> reader = ThreadLocal.withInitial(this::newReader);
    private final Queue<BlockReader> readers = new ConcurrentLinkedQueue<>(); // of all threads

    LocalBlocks(BlockSet set) {
        this.set = set;
        cache = new BlockCache(set.layout());
    }

    private BlockReader newReader() {
        BlockReader made = BlockReader.outsideTasks(set.stored());
        readers.add(made);
        return made;
    }

    int parts() {
        return set.parts();
    }

    /** Makes the blocks of a part that nobody has made yet, and holds those in memory until the task ends. */
    void hold(int part, TaskContext context) {
        cache.hold(set, part, context);
    }

    @Override
    public int size() {
        return set.layout().blockCount();
    }

    @Override
    public Block get(int number) {
        return cache.get(number, reader.get());
    }

    /** Releases Spark's locks, once no other thread asks for blocks. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (BlockReader each : readers) {
            try {
                each.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        reader.remove();
        if (failure != null) {
            throw failure;
        }
    }
}
