package dev.backdraft.spark.data;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The blocks of a {@link BatchLayout}, cut from rows in canonical order. A partition is a <em>chunk</em>, a run of blocks of a few
 * megabytes: what is cached, evicted, written to disk and read again as one. As a run of blocks is a run of ranks, a partition
 * reads the few partitions of sorted rows that overlap it: no further shuffle.
 *
 * <p>A task that makes one chunk after the other reads the sorted rows once, as its reader is kept until it ends. Tasks
 * may share an instance: with a local master, those of a session work on the driver's.
 */
final class BlockRdd extends RDD<Block> {
    private static final long serialVersionUID = 1;
    private static final ClassTag<Block> BLOCK = ClassTag$.MODULE$.apply(Block.class);

    private final RDD<byte[]> rows;
    private final long[] starts; // rank of the first row of each partition of rows, and after the last
    private final BatchLayout layout;
    private final int[] chunks; // number of the first block of each, and after the last
    private final int featureCount;
    private final Preprocessing preprocessing;

    @GuardedBy("this")
    private transient Map<Long, RankReader> readers; // by attempt, of tasks that run

    BlockRdd(CanonicalRows sorted, BatchLayout layout, int[] chunks, int featureCount, Preprocessing preprocessing) {
        super(sorted.rows().context(), dependencies(sorted, layout, chunks), BLOCK);
        this.rows = sorted.rows().rdd();
        this.starts = starts(sorted.counts());
        this.layout = layout;
        this.chunks = chunks;
        this.featureCount = featureCount;
        this.preprocessing = preprocessing;
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[chunks.length - 1];
        for (int i = 0; i < partitions.length; i++) {
            int first = firstParent(starts, layout, chunks, i);
            int last = lastParent(starts, layout, chunks, i);
            partitions[i] = new Chunk(i, first, Arrays.copyOfRange(rows.partitions(), first, last + 1));
        }
        return partitions;
    }

    @Override
    public scala.collection.Iterator<Block> compute(Partition split, TaskContext context) {
        RankReader ofTask = reader(context);
        Iterator<Block> blocks = new Iterator<>() {
            private int number = chunks[split.index()];

            @Override
            public boolean hasNext() {
                return number < chunks[split.index() + 1];
            }

            @Override
            public Block next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int lane = layout.laneOfBlock(number);
                int index = number - layout.firstBlock(lane);
                List<Example> run =
                        ofTask.read((Chunk) split, layout.blockStart(lane, index), layout.rowsOfBlock(lane, index));
                return Block.of(number++, run, featureCount, preprocessing);
            }
        };
        return CollectionConverters.asScala(blocks);
    }

    private synchronized RankReader reader(TaskContext context) {
        readers = readers == null ? new HashMap<>() : readers;
        RankReader known = readers.get(context.taskAttemptId());
        if (known == null) {
            known = new RankReader(context);
            readers.put(context.taskAttemptId(), known);
            TaskCompletionListener forget = this::forget;
            context.addTaskCompletionListener(forget);
        }
        return known;
    }

    private synchronized void forget(TaskContext context) {
        readers.remove(context.taskAttemptId());
    }

    /** Reads rows by rank from the partitions of sorted rows; without a new start when the ranks rise. */
    private final class RankReader {
        private final TaskContext context;
        private int part = -1;
        private long rank; // of the next row of the open partition
        private scala.collection.Iterator<byte[]> open;

        RankReader(TaskContext context) {
            this.context = context;
        }

        /** @param chunk that the rows are of */
        List<Example> read(Chunk chunk, long from, int count) {
            if (open == null || from < rank || from >= starts[part + 1]) {
                openPart(chunk, partOf(starts, from));
            }
            while (rank < from) {
                open.next();
                rank++;
            }
            List<Example> examples = new ArrayList<>(count);
            while (examples.size() < count) {
                if (rank == starts[part + 1]) {
                    openPart(chunk, part + 1);
                } else {
                    examples.add(RowBytes.decode(open.next()));
                    rank++;
                }
            }
            return examples;
        }

        /** Reads the open partition to its end first: only then does Spark free the memory that its rows were sorted in. */
        private void openPart(Chunk chunk, int number) {
            while (open != null && open.hasNext()) {
                open.next();
            }
            part = number;
            open = rows.iterator(chunk.parents[part - chunk.firstParent], context);
            rank = starts[part];
        }
    }

    @Override
    public void clearDependencies() {
        throw new IllegalStateException(
                "the blocks are read from their rows again when an executor is lost: no checkpoint");
    }

    private static long[] starts(long[] counts) {
        long[] starts = new long[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            starts[i + 1] = starts[i] + counts[i];
        }
        return starts;
    }

    /** The partition of rows that holds a rank. */
    private static int partOf(long[] starts, long rank) {
        int low = 0;
        int high = starts.length - 1; // starts[low] <= rank < starts[high], also among empty partitions
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (starts[middle] <= rank) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstParent(long[] starts, BatchLayout layout, int[] chunks, int chunk) {
        return partOf(starts, rankOf(layout, chunks[chunk]));
    }

    private static int lastParent(long[] starts, BatchLayout layout, int[] chunks, int chunk) {
        return partOf(starts, rankOf(layout, chunks[chunk + 1]) - 1);
    }

    /** Rank of the first row of a block; the number of rows for the one after the last. */
    private static long rankOf(BatchLayout layout, int block) {
        if (block == layout.blockCount()) {
            return layout.rows();
        }
        int lane = layout.laneOfBlock(block);
        return layout.blockStart(lane, block - layout.firstBlock(lane));
    }

    private static Seq<Dependency<?>> dependencies(CanonicalRows sorted, BatchLayout layout, int[] chunks) {
        long[] starts = starts(sorted.counts());
        int[][] parents = new int[chunks.length - 1][];
        for (int i = 0; i < parents.length; i++) {
            int first = firstParent(starts, layout, chunks, i);
            int last = lastParent(starts, layout, chunks, i);
            parents[i] = new int[last - first + 1];
            for (int j = 0; j < parents[i].length; j++) {
                parents[i][j] = first + j;
            }
        }
        List<Dependency<?>> list = List.of(new Overlap(sorted.rows().rdd(), parents));
        return CollectionConverters.asScala(list).toSeq();
    }

    private static final class Overlap extends NarrowDependency<byte[]> {
        private static final long serialVersionUID = 1;

        private final int[][] parents;

        Overlap(RDD<byte[]> rows, int[][] parents) {
            super(rows);
            this.parents = parents;
        }

        @Override
        public Seq<Object> getParents(int part) {
            List<Object> list = new ArrayList<>();
            for (int parent : parents[part]) {
                list.add(parent);
            }
            return CollectionConverters.asScala(list).toSeq();
        }
    }

    /** Carries the partitions that it reads, as executors do not know an RDD's partitions. */
    private static final class Chunk implements Partition, Serializable {
        private static final long serialVersionUID = 1;

        private final int index;
        private final int firstParent;
        private final Partition[] parents;

        Chunk(int index, int firstParent, Partition[] parents) {
            this.index = index;
            this.firstParent = firstParent;
            this.parents = parents;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int hashCode() {
            return index;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Chunk other && other.index == index;
        }
    }
}
