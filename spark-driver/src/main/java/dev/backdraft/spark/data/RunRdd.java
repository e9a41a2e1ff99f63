package dev.backdraft.spark.data;

import dev.backdraft.data.Block;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * One partition for each contiguous run of lanes; its one element reads the blocks of the run. Depends on their chunks,
 * so that Spark starts a task where they are cached.
 */
final class RunRdd extends RDD<BlockReader> {
    private static final long serialVersionUID = 1;

    private final RDD<Block> blocks;
    private final transient int[] chunks; // number of the first block of each, and after the last
    private final transient int[] firstChunks; // of each run, and after the last

    RunRdd(RDD<Block> blocks, int[] chunks, int[] firstChunks) {
        super(blocks.context(), dependencies(blocks, firstChunks), ClassTag$.MODULE$.apply(BlockReader.class));
        this.blocks = blocks;
        this.chunks = chunks;
        this.firstChunks = firstChunks;
    }

    private static Seq<Dependency<?>> dependencies(RDD<Block> blocks, int[] firstChunks) {
        List<Dependency<?>> list = List.of(new OwnChunks(blocks, firstChunks));
        return CollectionConverters.asScala(list).toSeq();
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] runs = new Partition[firstChunks.length - 1];
        for (int i = 0; i < runs.length; i++) {
            int from = firstChunks[i];
            int to = firstChunks[i + 1];
            runs[i] = new Run(
                    i,
                    from,
                    Arrays.copyOfRange(blocks.partitions(), from, to),
                    Arrays.copyOfRange(chunks, from, to + 1));
        }
        return runs;
    }

    @Override
    public Iterator<BlockReader> compute(Partition split, TaskContext context) {
        Run run = (Run) split;
        StoredBlocks stored = new StoredBlocks(blocks, run.firstChunk, run.partitions, run.starts);
        return CollectionConverters.asScala(
                List.of(new BlockReader(stored, context)).iterator());
    }

    private static final class OwnChunks extends NarrowDependency<Block> {
        private static final long serialVersionUID = 1;

        private final int[] firstChunks;

        OwnChunks(RDD<Block> blocks, int[] firstChunks) {
            super(blocks);
            this.firstChunks = firstChunks;
        }

        @Override
        public Seq<Object> getParents(int run) {
            List<Object> list = new ArrayList<>();
            for (int chunk = firstChunks[run]; chunk < firstChunks[run + 1]; chunk++) {
                list.add(chunk);
            }
            return CollectionConverters.asScala(list).toSeq();
        }
    }

    /** Carries the partitions of its chunks, as executors do not know an RDD's partitions. */
    private static final class Run implements Partition, Serializable {
        private static final long serialVersionUID = 1;

        private final int index;
        private final int firstChunk;
        private final Partition[] partitions;
        private final int[] starts;

        Run(int index, int firstChunk, Partition[] partitions, int[] starts) {
            this.index = index;
            this.firstChunk = firstChunk;
            this.partitions = partitions;
            this.starts = starts;
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
            return object instanceof Run other && other.index == index;
        }
    }
}
