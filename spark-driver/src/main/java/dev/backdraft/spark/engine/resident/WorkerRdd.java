package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import java.util.ArrayList;
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
 * One partition for each worker of a fit; its one element is the way to the blocks. Depends on the chunks that are the
 * worker's own, so that Spark starts its task where they are cached.
 */
final class WorkerRdd extends RDD<WorkerBlocks> {
    private static final long serialVersionUID = 1;

    private final BlockParts training;
    private final BlockParts validation; // or null
    private final int workers;

    WorkerRdd(BlockParts training, BlockParts validation, int workers) {
        super(
                training.stored().rdd().context(),
                dependencies(training, validation, workers),
                ClassTag$.MODULE$.apply(WorkerBlocks.class));
        this.training = training;
        this.validation = validation;
        this.workers = workers;
    }

    private static Seq<Dependency<?>> dependencies(BlockParts training, BlockParts validation, int workers) {
        List<Dependency<?>> list = new ArrayList<>();
        list.add(new OwnParts(training, workers));
        if (validation != null) {
            list.add(new OwnParts(validation, workers));
        }
        return CollectionConverters.asScala(list).toSeq();
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[workers];
        for (int i = 0; i < workers; i++) {
            partitions[i] = new WorkerPartition(i);
        }
        return partitions;
    }

    @Override
    public Iterator<WorkerBlocks> compute(Partition split, TaskContext context) {
        return CollectionConverters.asScala(
                List.of(new WorkerBlocks(training, validation, context)).iterator());
    }

    private static final class OwnParts extends NarrowDependency<Block> {
        private static final long serialVersionUID = 1;

        private final BlockParts of;
        private final int workers;

        OwnParts(BlockParts of, int workers) {
            super(of.stored().rdd());
            this.of = of;
            this.workers = workers;
        }

        @Override
        public Seq<Object> getParents(int worker) {
            List<Object> list = new ArrayList<>();
            int end = of.firstChunk(BlockParts.firstOfPlace(of.count(), workers, worker + 1));
            for (int chunk = of.firstChunk(BlockParts.firstOfPlace(of.count(), workers, worker));
                    chunk < end;
                    chunk++) {
                list.add(chunk);
            }
            return CollectionConverters.asScala(list).toSeq();
        }
    }

    private static final class WorkerPartition implements Partition {
        private static final long serialVersionUID = 1;

        private final int index;

        WorkerPartition(int index) {
            this.index = index;
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
            return object instanceof WorkerPartition other && other.index == index;
        }
    }
}
