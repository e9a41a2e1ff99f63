package dev.backdraft.spark.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * Two levels of adding, for when the sums of all partitions would crowd the driver. A group is a node of the {@link
 * GradientTree}: its lanes' sums meet on an executor, which adds them and sends one vector. So the tree is the same, and the
 * bits. Costs a shuffle, which is why it is not taken where the driver has room.
 */
final class ExecutorTree {
    private ExecutorTree() {}

    /**
     * Runs a step.
     *
     * @param lanes that are active
     * @param firsts lane of each group, of {@link GradientTree#divide}
     * @return the groups' sums as {@link SumBytes}
     */
    static List<byte[]> run(RDD<BlockReader> runs, StepTask task, int lanes, int[] firsts) {
        JavaRDD<byte[]> sums = new JavaRDD<>(runs, ClassTag$.MODULE$.apply(BlockReader.class))
                .mapPartitionsToPair(new Scatter(task, firsts)::of)
                .partitionBy(new HashPartitioner(firsts.length))
                .mapPartitions(new Gather(lanes)::of);
        try {
            return sums.collect();
        } finally {
            sums.rdd().cleanShuffleDependencies(false); // else its files stay until the driver collects garbage
        }
    }

    /** Each partition's sums, by group. */
    private record Scatter(StepTask task, int[] firsts) implements Serializable {
        Iterator<Tuple2<Integer, byte[]>> of(Iterator<BlockReader> run) {
            return task.sums(TaskContext.getPartitionId(), run.next(), this::byGroup);
        }

        private Iterator<Tuple2<Integer, byte[]>> byGroup(long computeNanos, List<LaneSum> nodes) {
            List<Tuple2<Integer, byte[]>> scattered = new ArrayList<>();
            int group = 0;
            for (int next = 0; next < nodes.size(); ) { // in the order of their lanes
                while (group + 1 < firsts.length
                        && firsts[group + 1] <= nodes.get(next).from()) {
                    group++;
                }
                int first = next;
                while (next < nodes.size()
                        && (group + 1 == firsts.length || nodes.get(next).from() < firsts[group + 1])) {
                    next++;
                }
                scattered.add(new Tuple2<>(group, SumBytes.encode(computeNanos, 0, nodes.subList(first, next))));
            }
            return scattered.iterator();
        }
    }

    /** The sum of a group. */
    private record Gather(int lanes) implements Serializable {
        Iterator<byte[]> of(Iterator<Tuple2<Integer, byte[]>> scattered) {
            long compute = 0;
            long combine = 0;
            List<LaneSum> nodes = new ArrayList<>();
            while (scattered.hasNext()) {
                byte[] bytes = scattered.next()._2();
                compute = Math.max(compute, SumBytes.computeNanos(bytes));
                long start = System.nanoTime();
                SumBytes.decode(bytes, GradientSum::new, nodes);
                nodes = new ArrayList<>(GradientTree.combine(lanes, nodes)); // as they come: holds few of them
                combine += System.nanoTime() - start;
            }
            return List.of(SumBytes.encode(compute, combine, nodes)).iterator();
        }
    }
}
