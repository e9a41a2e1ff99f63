package dev.backdraft.spark.engine;

import dev.backdraft.data.Block;
import dev.backdraft.metric.Metric;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.Fit;
import dev.backdraft.train.GradientSource;
import dev.backdraft.train.GradientTree;
import dev.backdraft.train.LaneSum;
import dev.backdraft.train.LaneWorker;
import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import dev.backdraft.train.StepClock;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.Validation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Gradients by one Spark job a step: broadcast the parameters, run one task on each partition that has active lanes, merge what
 * they return by the {@link GradientTree}. Works on every cluster; lost executors cost what Spark's retries cost, and change no
 * bit. What is minimised travels in the task, which Spark always serialises the Java way, as Kryo cannot take records.
 *
 * <p>Lean on purpose: {@code runJob} with static functions is spared the cleaning of closures, 3 of the 4 ms that {@code
 * reduce} or {@code treeAggregate} add to a job.
 */
public final class JobPerStepGradients implements GradientSource {
    private final SparkContext spark;
    private final BlockSet training;
    private final BlockSet validation;
    private final Objective objective;
    private final Measures measures;
    private final StepClock clock = new StepClock(1);

    /**
     * @param training closed with this source
     * @param validation or null; closed with this source
     */
    public JobPerStepGradients(JavaSparkContext spark, Fit fit, BlockSet training, BlockSet validation) {
        this.spark = spark.sc();
        this.training = training;
        this.validation = validation;
        objective = fit.objective(training.layout());
        measures = fit.measures();
    }

    @Override
    public List<Metric> metrics() {
        return measures.metrics();
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        clock.begin();
        int active = training.layout().activeLanes(step);
        int parts = training.parts();
        int[] firstLanes = new int[parts + 1];
        int activeParts = 0;
        for (int part = 0; part <= parts; part++) {
            firstLanes[part] = training.firstLane(part);
            activeParts += part < parts && firstLanes[part] < active ? 1 : 0;
        }
        Broadcast<float[]> shared = broadcast(parameters);
        clock.published();
        try {
            List<LaneSum[]> results =
                    run(training.blocks(), new StepTask(objective, shared, firstLanes, epoch, step), activeParts);
            clock.gathered();
            List<LaneSum> nodes = new ArrayList<>();
            results.forEach(result -> nodes.addAll(List.of(result)));
            GradientSum sum = GradientTree.merge(active, nodes);
            clock.end();
            return sum;
        } finally {
            shared.destroy();
        }
    }

    @Override
    public StepTimes times() {
        return clock.times();
    }

    @Override
    public Validation validate(float[] parameters) {
        if (validation == null) {
            return null;
        }
        Broadcast<float[]> shared = broadcast(parameters);
        try {
            Validation sum = measures.none();
            run(validation.blocks(), new ValidationTask(measures, shared), validation.parts())
                    .forEach(partition -> List.of(partition).forEach(sum::add)); // in the order of the blocks
            return sum;
        } finally {
            shared.destroy();
        }
    }

    private Broadcast<float[]> broadcast(float[] parameters) {
        return spark.broadcast(parameters, ClassTag$.MODULE$.apply(float[].class));
    }

    /** Runs a task on the first {@code parts} partitions; results in their order. */
    private <R> List<R> run(RDD<Block> blocks, AbstractFunction2<TaskContext, Iterator<Block>, R> task, int parts) {
        List<Object> numbers = new ArrayList<>();
        List<R> results = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            numbers.add(part);
            results.add(null);
        }
        Seq<Object> partitions = CollectionConverters.asScala(numbers).toSeq();
        ClassTag<R> tag = ClassTag$.MODULE$.apply(Object.class);
        spark.runJob(blocks, task, partitions, new Collect<>(results), tag);
        return results;
    }

    /** Keeps results by partition; runs on the scheduler's thread, so it only stores. */
    private static final class Collect<R> extends AbstractFunction2<Object, R, BoxedUnit> {
        private final List<R> results;

        Collect(List<R> results) {
            this.results = results;
        }

        @Override
        public BoxedUnit apply(Object part, R result) {
            synchronized (results) {
                results.set((Integer) part, result);
            }
            return BoxedUnit.UNIT;
        }
    }

    @Override
    public void close() {
        training.close();
        if (validation != null) {
            validation.close();
        }
    }

    /** The lanes of one partition in one step: a function of its fields and the blocks, so it may run again anywhere. */
    private static final class StepTask extends AbstractFunction2<TaskContext, Iterator<Block>, LaneSum[]>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final Objective objective;
        private final Broadcast<float[]> parameters;
        private final int[] firstLanes;
        private final int epoch;
        private final long step;

        StepTask(Objective objective, Broadcast<float[]> parameters, int[] firstLanes, int epoch, long step) {
            this.objective = objective;
            this.parameters = parameters;
            this.firstLanes = firstLanes;
            this.epoch = epoch;
            this.step = step;
        }

        @Override
        public LaneSum[] apply(TaskContext context, Iterator<Block> blocks) {
            int part = context.partitionId();
            return new LaneWorker(objective)
                    .sums(
                            epoch,
                            step,
                            firstLanes[part],
                            firstLanes[part + 1],
                            parameters.value(),
                            id -> find(blocks, id))
                    .toArray(new LaneSum[0]);
        }

        /** Lanes are asked for in order, and so are their blocks. */
        private static Block find(Iterator<Block> blocks, int id) {
            Block block = blocks.next();
            while (block.id() != id) {
                block = blocks.next();
            }
            return block;
        }
    }

    /** What is measured of the blocks of one partition. */
    private static final class ValidationTask extends AbstractFunction2<TaskContext, Iterator<Block>, Validation[]>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final Measures measures;
        private final Broadcast<float[]> parameters;

        ValidationTask(Measures measures, Broadcast<float[]> parameters) {
            this.measures = measures;
            this.parameters = parameters;
        }

        @Override
        public Validation[] apply(TaskContext context, Iterator<Block> blocks) {
            List<Validation> sums = new ArrayList<>();
            while (blocks.hasNext()) {
                sums.add(measures.of(blocks.next(), parameters.value()));
            }
            return sums.toArray(new Validation[0]);
        }
    }
}
