package dev.backdraft.spark.engine;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.spark.internal.Executors;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.plan.StepClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Gradients by one Spark job per step: hand out the parameters, run one task on each partition that has active lanes, merge
 * what they return by the {@link GradientTree}. Works on every cluster; lost executors cost what Spark's retries cost, and
 * change no bit. A job that Spark gives up is submitted again ({@link JobAttempts}).
 *
 * <p>{@code runJob} with static functions skips closure cleaning, 3 of the 4 ms that {@code reduce} or {@code
 * treeAggregate} add to a job; what is settled for the fit is broadcast once ({@link JobWorkers}); small vectors of
 * parameters are part of the task ({@link TaskParameters}); sums come back as bytes ({@link SumBytes}). When they would
 * crowd the driver, executors add them first ({@link ExecutorTree}).
 */
public final class JobPerStepGradients implements GradientSource {
    private static final Logger LOG = LoggerFactory.getLogger(JobPerStepGradients.class);

    private final SparkContext spark;
    private final BlockSet training;
    private final BlockSet validation;
    private final Measures measures;
    private final Broadcast<JobWorkers> workers;
    private final JobSettings settings;
    private final JobAttempts attempts;
    private final StepClock clock;
    private final StepAccumulators accumulators;
    private final List<GradientSum> sums = new ArrayList<>(); // scratch
    private long job;
    private boolean made; // the blocks, when they are many

    /**
     * @param training closed with this source
     * @param validation or null; closed with this source
     */
    public JobPerStepGradients(JavaSparkContext spark, Fit fit, BlockSet training, BlockSet validation) {
        this(spark, fit, training, validation, JobSettings.of(spark.getConf()));
    }

    JobPerStepGradients(JavaSparkContext spark, Fit fit, BlockSet training, BlockSet validation, JobSettings settings) {
        this.spark = spark.sc();
        this.training = training;
        this.validation = validation;
        this.settings = settings;
        attempts = JobAttempts.ofSteps(this.spark);
        measures = fit.measures();
        clock = new StepClock(training.parts());
        accumulators = new StepAccumulators(this.spark);
        JobWorkers shared = new JobWorkers(fit.objective(training.layout()), measures, training.parts());
        workers = this.spark.broadcast(shared, ClassTag$.MODULE$.apply(JobWorkers.class));
        settings.advice(fit.network().length()).forEach(LOG::info);
    }

    @Override
    public List<Metric> metrics() {
        return measures.metrics();
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        clock.begin();
        int active = training.layout().activeLanes(step);
        try (TaskParameters carried = TaskParameters.of(spark, parameters, settings.largestInTask())) {
            StepTask task = new StepTask(workers, carried, accumulators, ++job, epoch, step);
            clock.published();
            make(); // counts as waiting
            List<byte[]> results = attempts.run("a step", () -> results(task, active, parameters.length));
            clock.gathered();
            GradientSum sum = GradientTree.merge(active, nodes(results));
            count(results, parameters.length);
            clock.end();
            return sum;
        }
    }

    /** Makes the blocks before the first step, when they are many: else the step makes what it reads. */
    private void make() {
        if (!made && training.stored().rdd().getNumPartitions() > training.parts()) {
            attempts.run("making blocks", () -> run(training.runs(), new MakeTask(), training.parts()));
        }
        made = true;
    }

    /** What the partitions with active lanes return, or groups of them. */
    private List<byte[]> results(StepTask task, int active, int length) {
        int parts = training.partOfLane(active - 1) + 1;
        int groups = settings.groups(parts, length);
        return groups == 0
                ? run(training.runs(), task, parts)
                : ExecutorTree.run(training.runs(), task, active, GradientTree.divide(active, groups));
    }

    private List<LaneSum> nodes(List<byte[]> results) {
        List<LaneSum> nodes = new ArrayList<>();
        for (byte[] result : results) {
            SumBytes.decode(result, length -> scratch(nodes.size(), length), nodes);
        }
        return nodes;
    }

    private GradientSum scratch(int index, int length) {
        if (index == sums.size()) {
            sums.add(new GradientSum(length));
        } else if (sums.get(index).gradient().length != length) {
            sums.set(index, new GradientSum(length));
        }
        return sums.get(index);
    }

    /** Tells the clock what the tasks have told of their time, and what went over the network. */
    private void count(List<byte[]> results, int length) {
        long received = 0;
        for (int i = 0; i < results.size(); i++) {
            byte[] result = results.get(i);
            received += result.length;
            clock.worked(i, SumBytes.computeNanos(result), SumBytes.combineNanos(result));
        }
        if (!spark.isLocal()) {
            clock.moved((long) Float.BYTES * length * Executors.count(spark), received);
        }
    }

    @Override
    public StepTimes times() {
        return clock.times();
    }

    @Override
    public MetricSums validate(float[] parameters) {
        if (validation == null) {
            return null;
        }
        try (TaskParameters carried = TaskParameters.of(spark, parameters, settings.largestInTask())) {
            MetricSums sum = measures.none();
            ValidationTask task = new ValidationTask(workers, carried, ++job);
            for (byte[][] part : attempts.run("validation", () -> run(validation.runs(), task, validation.parts()))) {
                for (byte[] block : part) { // in the order of the blocks
                    sum.add(MetricSums.read(ByteBuffer.wrap(block)));
                }
            }
            return sum;
        }
    }

    /** Runs a task on the first {@code parts} partitions; results in their order. */
    private <R> List<R> run(
            RDD<BlockReader> runs, AbstractFunction2<TaskContext, Iterator<BlockReader>, R> task, int parts) {
        List<Object> numbers = new ArrayList<>();
        List<R> results = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            numbers.add(part);
            results.add(null);
        }
        Seq<Object> partitions = CollectionConverters.asScala(numbers).toSeq();
        ClassTag<R> tag = ClassTag$.MODULE$.apply(Object.class);
        spark.runJob(runs, task, partitions, new Collect<>(results), tag);
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
        if (!spark.isStopped()) {
            Cancellation.shield(workers::destroy);
        }
    }
}
