package dev.backdraft.spark.engine.local;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.StoredBlocks;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.Session;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.train.Objective;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.LocalGradients;
import dev.backdraft.train.engine.RangeTask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * A session with a local master: core's threads compute over the blocks in Spark's cache. The tasks of the job make the
 * blocks, hold them in memory, and wait for the end. Meanwhile Spark gives their slots to nobody else, shows the job,
 * and can cancel it. The training continues when a task is lost: its rerun holds the same blocks again. Blocks that
 * Spark has evicted in between are read from its files. There are as many threads as tasks, even if Spark has fewer
 * free slots.
 */
public final class LocalSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);
    private static final ConcurrentMap<String, LocalSession> OPEN = new ConcurrentHashMap<>(); // by id
    private static final long PARK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(100); // then look whether Spark has killed the task
    private static final long LOOK_MILLIS = 100;
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** The task of the job: holds blocks until the session is over. */
    private static final class HoldingTask extends AbstractFunction1<Iterator<Object>, BoxedUnit>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final String session;

        HoldingTask(String session) {
            this.session = session;
        }

        @Override
        public BoxedUnit apply(Iterator<Object> nothing) {
            LocalSession open = OPEN.get(session);
            if (open != null) { // otherwise the session is over
                open.hold(TaskContext.get());
            }
            return BoxedUnit.UNIT;
        }
    }

    /** A part of one of the sets, to be held by some task. */
    private record Claim(LocalBlocks blocks, int part, AtomicBoolean heldBefore) {
        Claim(LocalBlocks blocks, int part) {
            this(blocks, part, new AtomicBoolean());
        }
    }

    private final String id = UUID.randomUUID().toString();
    private final SparkContext spark;
    private final LocalBlocks training;
    private final LocalBlocks validation; // or null
    private final Queue<Claim> free = new ConcurrentLinkedQueue<>(); // held by no task
    private final Set<Thread> holding = ConcurrentHashMap.newKeySet(); // threads of tasks
    private final CountDownLatch toHold; // parts that no task has held yet
    private final LocalGradients gradients;
    private final ResidentJob job;
    private volatile boolean stopped;
    private volatile SessionEndedException end;

    /**
     * Submits the job.
     *
     * @param validation or null
     * @param threads that compute; also the number of tasks
     */
    public LocalSession(
            SparkContext spark,
            Objective objective,
            Measures measures,
            BlockSet training,
            BlockSet validation,
            int threads) {
        this.spark = spark;
        this.training = new LocalBlocks(training);
        this.validation = validation == null ? null : new LocalBlocks(validation);
        claim(this.training);
        if (validation != null) {
            claim(this.validation);
        }
        toHold = new CountDownLatch(free.size());
        gradients = new LocalGradients(objective, measures, this.training, this.validation, threads);
        OPEN.put(id, this);
        try {
            job = new ResidentJob(spark, training, validation, threads, new HoldingTask(id), this::ended);
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            closeAll();
            throw e;
        }
    }

    private void claim(LocalBlocks blocks) {
        for (int part = 0; part < blocks.parts(); part++) {
            free.add(new Claim(blocks, part));
        }
    }

    private void ended(Throwable failure) {
        end = SessionEndedException.of(failure, spark);
    }

    /** Holds blocks on the thread of a task until the session is over or the task is killed. */
    private void hold(TaskContext context) {
        List<Claim> mine = new ArrayList<>();
        holding.add(Thread.currentThread());
        try {
            while (!stopped && !context.isInterrupted()) {
                Claim claim = free.poll();
                if (claim == null) {
                    LockSupport.parkNanos(this, PARK_NANOS);
                    continue;
                }
                mine.add(claim);
                claim.blocks().hold(claim.part(), context);
                if (claim.heldBefore().compareAndSet(false, true)) {
                    toHold.countDown();
                }
            }
        } finally {
            holding.remove(Thread.currentThread());
            free.addAll(mine);
        }
    }

    /** Waits until all blocks have been made, for as long as it takes, as Spark does for slots. */
    private void awaitBlocks() throws SessionEndedException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long lastLog = System.nanoTime();
        while (!toHold.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && end == null) {
            if (System.nanoTime() - lastLog > LOG_NANOS) {
                lastLog = System.nanoTime();
                LOG.info("waiting: {} parts of the rows have not been made yet", toHold.getCount());
            }
        }
        if (end != null) {
            throw end;
        }
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters)
            throws SessionEndedException, InterruptedException {
        awaitBlocks();
        try {
            return gradients.gradient(epoch, step, parameters);
        } catch (StoredBlocks.LostChunkException e) {
            throw lost(e);
        }
    }

    @Override
    public MetricSums measures(float[] parameters) throws SessionEndedException, InterruptedException {
        awaitBlocks();
        try {
            return gradients.validate(parameters);
        } catch (StoredBlocks.LostChunkException e) {
            throw lost(e);
        }
    }

    /** Ends the session, so that another job makes the blocks again. */
    private static SessionEndedException lost(StoredBlocks.LostChunkException e) {
        return new SessionEndedException(SessionEndedException.Reason.FAILED, e.getMessage(), e);
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        gradients.overRanges(length, task);
    }

    @Override
    public boolean tasksRun() {
        return !holding.isEmpty();
    }

    @Override
    public StepTimes times() {
        return gradients.times();
    }

    private void closeAll() {
        stopped = true;
        holding.forEach(LockSupport::unpark);
        OPEN.remove(id);
        gradients.close();
        try {
            training.close();
        } finally {
            if (validation != null) {
                validation.close();
            }
        }
    }

    @Override
    public void close() {
        try {
            closeAll();
        } finally {
            job.end();
        }
    }

    @Override
    public void cancel() {
        try {
            closeAll();
        } finally {
            job.cancel();
        }
    }
}
