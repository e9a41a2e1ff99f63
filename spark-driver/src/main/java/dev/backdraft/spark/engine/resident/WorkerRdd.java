package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.data.EvenSplit;
import dev.backdraft.spark.data.BlockSet;
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
 * One partition, without elements, for each task of a resident job. Partition i depends on the chunks of the i-th of
 * equal shares of the data, so Spark starts its task where those chunks are cached.
 */
final class WorkerRdd extends RDD<Object> {
    private static final long serialVersionUID = 1;

    private final int workers;

    /** @param validation or null */
    WorkerRdd(BlockSet training, BlockSet validation, int workers) {
        super(
                training.stored().rdd().context(),
                dependencies(training, validation, workers),
                ClassTag$.MODULE$.apply(Object.class));
        this.workers = workers;
    }

    private static Seq<Dependency<?>> dependencies(BlockSet training, BlockSet validation, int workers) {
        List<Dependency<?>> list = new ArrayList<>();
        list.add(new ShareOfChunks(training, workers));
        if (validation != null) {
            list.add(new ShareOfChunks(validation, workers));
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
    public Iterator<Object> compute(Partition split, TaskContext context) {
        return CollectionConverters.asScala(List.<Object>of().iterator());
    }

    private static final class ShareOfChunks extends NarrowDependency<Block> {
        private static final long serialVersionUID = 1;

        private final int[] firstChunks; // of each worker, and after the last

        ShareOfChunks(BlockSet set, int workers) {
            super(set.stored().rdd());
            firstChunks = new int[workers + 1];
            for (int worker = 0; worker <= workers; worker++) {
                firstChunks[worker] = set.firstChunk(EvenSplit.first(set.parts(), workers, worker));
            }
        }

        @Override
        public Seq<Object> getParents(int worker) {
            List<Object> list = new ArrayList<>();
            for (int chunk = firstChunks[worker]; chunk < firstChunks[worker + 1]; chunk++) {
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
