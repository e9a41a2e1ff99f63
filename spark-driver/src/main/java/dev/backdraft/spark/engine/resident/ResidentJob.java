package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.internal.Executors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContext$;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The Spark job of a session, whose tasks run until the session ends. It is submitted on the caller's thread, so it has
 * the caller's job group and scheduler pool: cancelling the group cancels the job.
 */
public final class ResidentJob {
    private static final Logger LOG = LoggerFactory.getLogger(ResidentJob.class);
    private static final long GRACE_MILLIS = 10_000; // before tasks that were told to end are cancelled
    private static final ConcurrentMap<Integer, Integer> RUNNING =
            new ConcurrentHashMap<>(); // jobs of all fits: their tasks
    private static final String DESCRIPTION = "spark.job.description";

    private final SparkContext spark;
    private final SimpleFutureAction<BoxedUnit> future;
    private final List<Integer> ids = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Submits the job.
     *
     * @param validation or null
     * @param tasks to run; each starts where a share of the blocks is cached, if it can
     * @param onEnd called once, on a thread of Spark, with the failure, or with null when all tasks have returned
     */
    public ResidentJob(
            SparkContext spark,
            BlockSet training,
            BlockSet validation,
            int tasks,
            AbstractFunction1<Iterator<Object>, BoxedUnit> task,
            Consumer<Throwable> onEnd) {
        this.spark = spark;
        List<Object> partitions = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            partitions.add(i);
        }
        Seq<Object> all = CollectionConverters.asScala(partitions).toSeq();
        String description = spark.getLocalProperty(DESCRIPTION);
        spark.setLocalProperty(
                DESCRIPTION,
                description == null
                        ? "Backdraft: resident workers of the fit"
                        : description + " and later: resident workers");
        try {
            future =
                    spark.submitJob(new WorkerRdd(training, validation, tasks), task, all, new Ignore(), new Nothing());
        } finally {
            spark.setLocalProperty(DESCRIPTION, description);
        }
        CollectionConverters.asJava(future.jobIds()).forEach(id -> ids.add((Integer) id));
        ids.forEach(id -> RUNNING.put(id, partitions.size()));
        ExecutionContext here = ExecutionContext$.MODULE$.fromExecutor(Runnable::run);
        future.onComplete(
                new AbstractFunction1<Try<BoxedUnit>, BoxedUnit>() {
                    @Override
                    public BoxedUnit apply(Try<BoxedUnit> result) {
                        ids.forEach(RUNNING::remove);
                        ended.countDown();
                        onEnd.accept(result.isFailure() ? result.failed().get() : null);
                        return BoxedUnit.UNIT;
                    }
                },
                here);
    }

    /** Whether the job's own tasks are running, not only those that make its data. */
    public boolean tasksRun() {
        SparkStatusTracker tracker = spark.statusTracker();
        for (int id : ids) {
            Option<SparkJobInfo> job = tracker.getJobInfo(id);
            if (job.isEmpty()) {
                continue;
            }
            int newest = Arrays.stream(job.get().stageIds()).max().orElse(-1); // the stage of the job itself
            Option<SparkStageInfo> stage = tracker.getStageInfo(newest);
            if (stage.isDefined() && stage.get().numActiveTasks() + stage.get().numFailedTasks() > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The number of tasks that a new job should have: one for each slot that other jobs of this kind do not use; if
     * they use all, one for each slot, which will be free when those jobs end. Where Spark starts executors on demand,
     * one for each slot that there may be.
     *
     * @param parts of the rows: there are no more tasks than these
     */
    public static int workers(SparkContext spark, int parts) {
        int slots = Math.max(1, Executors.slots(spark));
        int used = RUNNING.values().stream().mapToInt(Integer::intValue).sum();
        SparkConf conf = spark.getConf();
        long each = Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
        long wanted = Math.max(slots > used ? slots - used : slots, each * executorsToCome(spark));
        return (int) Math.min(parts, wanted);
    }

    /** The largest number of executors that may run the tasks of a job. */
    public static int executors(SparkContext spark, int parts) {
        return (int) Math.max(Executors.count(spark), Math.min(executorsToCome(spark), parts));
    }

    /** The number of executors that Spark may start on demand; 0 when it does not. */
    private static long executorsToCome(SparkContext spark) {
        SparkConf conf = spark.getConf();
        return spark.isLocal() || !conf.getBoolean("spark.dynamicAllocation.enabled", false)
                ? 0
                : conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
    }

    /** Whether another kind of job is active, which may be waiting for slots. */
    public static boolean othersActive(SparkContext spark) {
        for (int id : spark.statusTracker().getActiveJobIds()) {
            if (!RUNNING.containsKey(id)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any of these jobs is active. */
    public static boolean anyActive(SparkContext spark, Set<Integer> jobs) {
        return Arrays.stream(spark.statusTracker().getActiveJobIds()).anyMatch(jobs::contains);
    }

    /**
     * The jobs that have tasks of which none is running, because no slot is free.
     *
     * @param ofFits whether jobs of this kind, so the workers of fits, are looked at, or all others
     */
    public static Set<Integer> starving(SparkContext spark, boolean ofFits) {
        Set<Integer> starving = new HashSet<>();
        SparkStatusTracker tracker = spark.statusTracker();
        for (int id : tracker.getActiveJobIds()) {
            Option<SparkJobInfo> job = tracker.getJobInfo(id);
            if (RUNNING.containsKey(id) != ofFits || job.isEmpty()) {
                continue;
            }
            boolean waits = false;
            boolean runs = false;
            for (int stage : job.get().stageIds()) {
                Option<SparkStageInfo> info = tracker.getStageInfo(stage);
                if (info.isDefined() && info.get().submissionTime() > 0) {
                    runs |= info.get().numActiveTasks() > 0;
                    waits |= info.get().numCompletedTasks() < info.get().numTasks();
                }
            }
            if (waits && !runs) {
                starving.add(id);
            }
        }
        return starving;
    }

    /** Waits for the end of the job. Returns false when the time is over first. */
    public boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until all tasks, which have been told to end, have freed their slots. Cancels the job when that takes long.
     */
    public void end() {
        try {
            if (!awaitEnd(GRACE_MILLIS)) {
                LOG.warn("the tasks of jobs {} do not end: cancelling them", ids);
                cancel();
                awaitEnd(GRACE_MILLIS);
            }
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
    }

    public void cancel() {
        future.cancel();
    }

    /** Tasks return nothing. */
    private static final class Ignore extends AbstractFunction2<Object, BoxedUnit, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object part, BoxedUnit result) {
            return BoxedUnit.UNIT;
        }
    }

    private static final class Nothing extends AbstractFunction0<BoxedUnit> {
        @Override
        public BoxedUnit apply() {
            return BoxedUnit.UNIT;
        }
    }
}
