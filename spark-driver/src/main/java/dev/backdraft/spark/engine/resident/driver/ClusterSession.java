package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.Session;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.executor.WorkerTask;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.train.Objective;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.RangeTask;
import dev.backdraft.train.engine.Team;
import dev.backdraft.train.plan.StepClock;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session on a cluster: its workers are tasks on executors, which connect to the driver. */
final class ClusterSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSession.class);
    private static final int MOST_THREADS =
            4; // loops over vectors are bound by memory: more threads do not make them faster
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(
            20); // as long as it takes from merging to updating; afterwards executors of this machine may need the
    // processor

    private final String id = UUID.randomUUID().toString();
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final Coordinator coordinator;
    private final SumPool pool;
    private final DriverEndpoint network;
    private final Team team;
    private final SparkListener losses = new SparkListener() {
        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            network.executorLost(removed.executorId());
        }
    };
    private final SparkContext spark;
    private final ResidentJob job;
    private StepProgress last; // its sums belong to the pool
    private final StepClock clock = new StepClock(1); // whose worker is the slowest path through the executors

    /**
     * Submits the job.
     *
     * @param validation or null
     * @param workers number of tasks; those above the number of slots will not start
     * @throws SessionEndedException when the driver cannot listen for executors
     */
    ClusterSession(
            SparkContext spark,
            Objective objective,
            Measures measures,
            BlockSet training,
            BlockSet validation,
            int workers,
            ResidentSettings settings)
            throws SessionEndedException {
        this.spark = spark;
        this.measures = measures;
        this.training = training;
        this.validation = validation;
        coordinator = new Coordinator(workers, settings, this::tasksRun);
        pool = new SumPool(objective.network().length());
        network = listen(
                settings.port(), settings.usesTree(pool.length(), ResidentJob.executors(spark, training.parts())));
        boolean open = false;
        try {
            spark.addSparkListener(losses);
            team = new Team(
                    "backdraft-driver",
                    Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
                    SPIN_NANOS);
            WorkerTask task = new WorkerTask(id, objective, measures, training, validation, network.address());
            job = new ResidentJob(spark, training, validation, workers, task, this::ended);
            open = true;
        } finally {
            if (!open) {
                closeConnections();
            }
        }
        LOG.debug("session {}: {} workers for {} parts", id, workers, training.parts());
    }

    private DriverEndpoint listen(int port, boolean forwards) throws SessionEndedException {
        try {
            return new DriverEndpoint(
                    spark.getConf(), port, coordinator, pool, training.layout().lanes(), forwards);
        } catch (IOException e) {
            throw new SessionEndedException(SessionEndedException.Reason.UNREACHABLE, e.getMessage(), e);
        }
    }

    @Override
    public boolean tasksRun() {
        return job.tasksRun();
    }

    private void ended(Throwable failure) {
        coordinator.ended(SessionEndedException.of(failure, spark));
    }

    @Override
    public GradientSum gradient(int epoch, long number, float[] parameters)
            throws SessionEndedException, InterruptedException {
        clock.begin();
        int active = training.layout().activeLanes(number);
        long sent = network.bytesSent();
        long received = network.bytesReceived();
        StepProgress step = run(Work.gradient(epoch, number, active, parameters), training);
        clock.published(step.sendNanos());
        clock.worked(0, step.computeNanos(), step.combineNanos());
        clock.moved(network.bytesSent() - sent, network.bytesReceived() - received);
        clock.gathered();
        List<LaneSum> nodes = step.sums();
        GradientSum sum = GradientTree.mergeLosses(active, nodes);
        if (nodes.size() > 1) {
            team.overRanges(sum.gradient().length, (from, to) -> GradientTree.mergeEntries(active, nodes, from, to));
        }
        clock.end();
        return sum;
    }

    @Override
    public MetricSums measures(float[] parameters) throws SessionEndedException, InterruptedException {
        StepProgress step = run(Work.measures(parameters), validation);
        MetricSums sum = measures.none();
        step.measured().values().forEach(sum::add); // in the order of the blocks
        return sum;
    }

    /** Has the workers compute something. The previous result is overwritten. */
    StepProgress run(Work work, BlockSet set) throws SessionEndedException, InterruptedException {
        if (last != null) {
            pool.giveBack(last.sums());
        }
        last = null;
        last = coordinator.run(work, set, network::send);
        return last;
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        team.overRanges(length, task);
    }

    @Override
    public StepTimes times() {
        return clock.times();
    }

    private void closeConnections() {
        if (team != null) { // null when the constructor failed before
            team.close();
        }
        spark.removeSparkListener(losses);
        network.close();
    }

    @Override
    public void close() {
        coordinator.stop();
        try {
            job.end();
        } finally {
            closeConnections();
        }
    }

    @Override
    public void cancel() {
        coordinator.stop();
        job.cancel();
        closeConnections();
    }
}
