package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.GradientTree;
import dev.backdraft.train.LaneSum;
import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import dev.backdraft.train.RangeTask;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.Team;
import dev.backdraft.train.Validation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session whose workers are tasks on executors, which connect to the driver. */
final class ClusterSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSession.class);
    private static final int MOST_THREADS = 4; // more than memory has channels would not make loops over vectors faster
    private static final long SPIN_NANOS =
            TimeUnit.MICROSECONDS.toNanos(20); // from merging to updating: then executors may want the processor

    private final String id = UUID.randomUUID().toString();
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final Coordinator coordinator;
    private final SumPool pool;
    private final DriverEnd network;
    private final Team team;
    private final SparkListener losses = new SparkListener() {
        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            network.executorLost(removed.executorId());
        }
    };
    private final SparkContext spark;
    private final ResidentJob job;
    private Collected last; // whose sums are of the pool
    private StepTimes times = StepTimes.NONE;

    /**
     * Submits the job.
     *
     * @param validation or null
     * @param workers tasks: at most the number of slots, or those above it will not come
     * @param executors JVMs that there may be
     * @throws SessionEndedException when executors have nothing to connect to
     */
    ClusterSession(
            SparkContext spark,
            Objective objective,
            Measures measures,
            BlockSet training,
            BlockSet validation,
            int workers,
            int executors,
            ResidentSettings settings)
            throws SessionEndedException {
        this.spark = spark;
        this.measures = measures;
        this.training = training;
        this.validation = validation;
        coordinator = new Coordinator(workers, settings, this::tasksRun);
        pool = new SumPool(objective.network().length());
        network = listen(settings.port(), Coordinator.mayHandOn(pool.length(), executors, settings.fanOut()));
        spark.addSparkListener(losses);
        team = new Team(
                "backdraft-driver", Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()), SPIN_NANOS);
        try {
            job = new ResidentJob(
                    spark,
                    new WorkerRdd(training, validation, workers),
                    new WorkerTask(id, objective, measures, training, validation, network.address()),
                    this::ended);
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            closeConnections();
            throw e;
        }
        LOG.debug("session {}: {} workers for {} partitions", id, workers, training.parts());
    }

    private DriverEnd listen(int port, boolean handsOn) throws SessionEndedException {
        try {
            return new DriverEnd(spark.getConf(), port, coordinator, pool, handsOn);
        } catch (IOException e) {
            throw new SessionEndedException(SessionEndedException.Reason.UNREACHABLE, e.getMessage(), e);
        }
    }

    private boolean tasksRun() {
        return job.tasksRun();
    }

    private void ended(Throwable failure) {
        coordinator.ended(SessionEndedException.of(failure, spark));
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters)
            throws SessionEndedException, InterruptedException {
        long start = System.nanoTime();
        int active = training.layout().activeLanes(step);
        Collected answers = ask(Question.gradient(epoch, step, active, parameters), training);
        long merge = System.nanoTime();
        List<LaneSum> nodes = answers.sums();
        GradientSum sum = GradientTree.mergeLosses(active, nodes);
        if (nodes.size() > 1) {
            team.overRanges(sum.gradient().length, (from, to) -> GradientTree.mergeEntries(active, nodes, from, to));
        }
        long end = System.nanoTime();
        long combine = answers.combineNanos() + end - merge;
        long rest = end - start - answers.computeNanos() - combine - answers.publishNanos();
        times = times.plus(new StepTimes(
                1,
                answers.computeNanos(),
                combine,
                answers.publishNanos(),
                Math.max(0, rest),
                answers.bytesSent(),
                answers.bytesReceived()));
        return sum;
    }

    @Override
    public Validation measures(float[] parameters) throws SessionEndedException, InterruptedException {
        List<MeasuredBlock> blocks =
                new ArrayList<>(ask(Question.measures(parameters), validation).measured());
        blocks.sort(Comparator.comparingInt(MeasuredBlock::block));
        Validation sum = measures.none();
        blocks.forEach(block -> sum.add(block.validation())); // in the order of the blocks
        return sum;
    }

    /** Asks the workers. What the last question gave is overwritten. */
    Collected ask(Question question, BlockSet parts) throws SessionEndedException, InterruptedException {
        if (last != null) {
            pool.giveBack(last.sums());
        }
        last = null;
        long sent = network.bytesSent();
        long received = network.bytesReceived();
        last = coordinator.ask(question, parts, network);
        last.setTraffic(network.bytesSent() - sent, network.bytesReceived() - received);
        return last;
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        team.overRanges(length, task);
    }

    @Override
    public StepTimes times() {
        return times;
    }

    private void closeConnections() {
        team.close();
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
