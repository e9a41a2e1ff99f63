package dev.backdraft.spark.data;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The blocks of a {@link BatchLayout}, one partition for a contiguous run of lanes, cut from rows in canonical order. As a run
 * of lanes is a run of ranks, a partition reads the few partitions of sorted rows that overlap it: no further shuffle.
 */
final class BlockRdd extends RDD<Block> {
    private static final long serialVersionUID = 1;
    private static final ClassTag<Block> BLOCK = ClassTag$.MODULE$.apply(Block.class);

    private final RDD<byte[]> rows;
    private final long[] starts; // rank of the first row of each partition of rows, and behind the last
    private final BatchLayout layout;
    private final int parts;
    private final int featureCount;
    private final Preprocessing preprocessing;

    BlockRdd(CanonicalRows sorted, BatchLayout layout, int parts, int featureCount, Preprocessing preprocessing) {
        super(sorted.rows().context(), dependencies(sorted, layout, parts), BLOCK);
        this.rows = sorted.rows().rdd();
        this.starts = starts(sorted.counts());
        this.layout = layout;
        this.parts = parts;
        this.featureCount = featureCount;
        this.preprocessing = preprocessing;
    }

    /** The first lane of a partition; the number of lanes for {@code part = parts}. */
    static int firstLane(BatchLayout layout, int part, int parts) {
        return (int) ((long) layout.lanes() * part / parts);
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[parts];
        for (int i = 0; i < parts; i++) {
            int first = firstParent(starts, layout, i, parts);
            int last = lastParent(starts, layout, i, parts);
            partitions[i] = new LaneRun(i, first, Arrays.copyOfRange(rows.partitions(), first, last + 1));
        }
        return partitions;
    }

    @Override
    public scala.collection.Iterator<Block> compute(Partition split, TaskContext context) {
        Iterator<Block> blocks = new Iterator<>() {
            private final int endLane = firstLane(layout, split.index() + 1, parts);
            private final RankReader reader = new RankReader((LaneRun) split, context);
            private int lane = firstLane(layout, split.index(), parts);
            private int index;

            @Override
            public boolean hasNext() {
                return lane < endLane;
            }

            @Override
            public Block next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                List<Example> run = reader.read(layout.blockStart(lane, index), layout.rowsOfBlock(lane, index));
                Block block = Block.of(layout.firstBlock(lane) + index, run, featureCount, preprocessing);
                index++;
                if (index == layout.blocksOf(lane)) {
                    lane++;
                    index = 0;
                }
                return block;
            }
        };
        return CollectionConverters.asScala(blocks);
    }

    /** Reads rows by rank, ascending, from the partitions of sorted rows. */
    private final class RankReader {
        private final LaneRun run;
        private final TaskContext context;
        private int part = -1;
        private long rank; // of the next row of the open partition
        private scala.collection.Iterator<byte[]> open;

        RankReader(LaneRun run, TaskContext context) {
            this.run = run;
            this.context = context;
        }

        List<Example> read(long from, int count) {
            if (open == null) {
                part = partOf(starts, from);
                openPart();
                while (rank < from) {
                    open.next();
                    rank++;
                }
            }
            List<Example> examples = new ArrayList<>(count);
            while (examples.size() < count) {
                if (rank == starts[part + 1]) {
                    part++;
                    openPart();
                } else {
                    examples.add(RowBytes.decode(open.next()));
                    rank++;
                }
            }
            return examples;
        }

        private void openPart() {
            open = rows.iterator(run.parents[part - run.firstParent], context);
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
        int part = 0;
        while (starts[part + 1] <= rank) {
            part++;
        }
        return part;
    }

    private static int firstParent(long[] starts, BatchLayout layout, int part, int parts) {
        return partOf(starts, layout.laneStart(firstLane(layout, part, parts)));
    }

    private static int lastParent(long[] starts, BatchLayout layout, int part, int parts) {
        return partOf(starts, layout.laneStart(firstLane(layout, part + 1, parts)) - 1);
    }

    private static Seq<Dependency<?>> dependencies(CanonicalRows sorted, BatchLayout layout, int parts) {
        long[] starts = starts(sorted.counts());
        int[][] parents = new int[parts][];
        for (int i = 0; i < parts; i++) {
            int first = firstParent(starts, layout, i, parts);
            int last = lastParent(starts, layout, i, parts);
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
    private static final class LaneRun implements Partition, Serializable {
        private static final long serialVersionUID = 1;

        private final int index;
        private final int firstParent;
        private final Partition[] parents;

        LaneRun(int index, int firstParent, Partition[] parents) {
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
            return object instanceof LaneRun other && other.index == index;
        }
    }
}
