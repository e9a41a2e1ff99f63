package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import dev.backdraft.train.RangeTask;
import dev.backdraft.train.Team;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One resident job and all that belongs to it, from submission to the end of its tasks. A fit has one, and another after a loss. */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long GRACE_MILLIS = 10_000; // for tasks to end by themselves
    private static final int MOST_THREADS = 4; // more than memory has channels would not make loops over vectors faster
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long DRIVER_SPIN_NANOS =
            TimeUnit.MICROSECONDS.toNanos(20); // from merging to updating: then executors may want the processor

    private final String id = UUID.randomUUID().toString();
    private final Coordinator coordinator;
    private final SumPool pool;
    private final LocalMember local; // null when executors are other JVMs
    private final DriverEnd network; // null when the master is local
    private final Team team; // of the driver, whose executors are other JVMs; else null
    private final SparkListener losses = new SparkListener() {
        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            network.executorLost(removed.executorId());
        }
    };
    private final SparkContext spark;
    private final ResidentJob job;
    private Collected last; // whose sums are of the pool

    /**
     * Submits the job.
     *
     * @param validation or null
     * @param workers tasks: at most the number of slots, or those above it will not come
     * @param executors JVMs that there may be; of no account when the master is local
     * @throws SessionEndedException when executors have nothing to connect to
     */
    Session(
            SparkContext spark,
            Objective objective,
            Measures measures,
            BlockParts training,
            BlockParts validation,
            int workers,
            int executors,
            ResidentSettings settings)
            throws SessionEndedException {
        this.spark = spark;
        boolean spins = spark.isLocal() && workers <= Runtime.getRuntime().availableProcessors();
        long spinNanos = spins ? SPIN_NANOS : 0;
        coordinator = new Coordinator(workers, settings, this::tasksRun, spinNanos);
        pool = new SumPool(objective.network().length());
        if (spark.isLocal()) {
            network = null;
            team = null;
            local = new LocalMember(coordinator, spinNanos);
            local.open(id);
        } else {
            boolean handsOn = Coordinator.mayHandOn(pool.length(), executors, settings.fanOut());
            network = listen(settings.port(), handsOn);
            spark.addSparkListener(losses);
            team = new Team(
                    "backdraft-driver",
                    Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
                    DRIVER_SPIN_NANOS);
            local = null;
        }
        try {
            job = new ResidentJob(
                    spark,
                    new WorkerRdd(training, validation, workers),
                    new WorkerTask(id, objective, measures, network == null ? null : network.address()),
                    this::ended);
        } catch (RuntimeException e) {
            closeConnections();
            throw e;
        }
        LOG.debug("session {}: {} workers for {} partitions", id, workers, training.count());
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

    /** Asks the workers. What the last question gave is overwritten. */
    Collected ask(Question question, BlockParts parts) throws SessionEndedException, InterruptedException {
        if (last != null) {
            pool.giveBack(last.sums());
        }
        last = null;
        if (network == null) {
            return coordinator.ask(question, parts, local);
        }
        long sent = network.bytesSent();
        long received = network.bytesReceived();
        last = coordinator.ask(question, parts, network);
        last.setTraffic(network.bytesSent() - sent, network.bytesReceived() - received);
        return last;
    }

    /** Does a task over ranges of [0, length) on all threads of this JVM that are idle between two questions. */
    void overRanges(int length, RangeTask task) {
        if (local != null) {
            local.overRanges(length, task);
        } else {
            team.overRanges(length, task);
        }
    }

    private void closeConnections() {
        if (team != null) {
            team.close();
        }
        LocalMember.close(id);
        if (network != null) {
            spark.removeSparkListener(losses);
            network.close();
        }
    }

    /** Lets the workers go, and waits until their slots are free. Cancels the job when that takes long. */
    void close() {
        coordinator.stop();
        try {
            if (!job.awaitEnd(GRACE_MILLIS)) {
                LOG.warn("the tasks of session {} do not end: cancelling their job", id);
                job.cancel();
                job.awaitEnd(GRACE_MILLIS);
            }
        } catch (InterruptedException e) {
            job.cancel();
            Thread.currentThread().interrupt();
        } finally {
            closeConnections();
        }
    }

    /** Ends the job without waiting for its tasks. */
    void cancel() {
        coordinator.stop();
        job.cancel();
        closeConnections();
    }
}
