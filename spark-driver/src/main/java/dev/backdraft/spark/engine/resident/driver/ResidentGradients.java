package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.local.LocalSession;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.Session;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.internal.Executors;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.train.Fit;
import dev.backdraft.train.Objective;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.RangeTask;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gradients by resident workers. One ordinary Spark job runs for the whole fit, with one task per slot. Its tasks
 * compute step after step, so a step costs one message to each executor and one back. They also measure the validation
 * rows, because another job would wait for their slots. With a local master, the tasks hold blocks and slots, and the
 * threads of {@link dev.backdraft.train.engine.LocalGradients} compute.
 *
 * <p>Workers are functions of (objective, parameters, epoch, step, parts). When an executor is lost, Spark runs its
 * tasks again, and they get the same requests. When the whole job fails, another is submitted. No loss changes a bit.
 * If tasks run but cannot reach the driver, one Spark job per step takes over.
 *
 * <p>While the training does something else between two steps, such as a listener that runs a Spark job, the tasks
 * release their slots if another job waits for them, and return for the next step. During a busy training they do so
 * between two steps when another job, or the workers of another fit, have found no slot for some seconds ({@link
 * SlotYield}).
 */
public final class ResidentGradients implements GradientSource {
    private static final Logger LOG = LoggerFactory.getLogger(ResidentGradients.class);

    private final SparkContext spark;
    private final Objective objective;
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final ResidentSettings settings;
    private final Supplier<GradientSource> otherwise;
    private final ReentrantLock lock = new ReentrantLock(); // of the session
    private final SlotYield yield;
    private volatile Session session; // changed by whoever has the lock
    private boolean answered; // whether this session has given a result
    private GradientSource fallback;
    private StepTimes times = StepTimes.NONE;

    /**
     * Submits nothing yet: the job starts with the first step.
     *
     * @param training closed with this source
     * @param validation or null; closed with this source
     * @param otherwise makes the source to use when executors cannot reach the driver; it closes the same block sets
     */
    public ResidentGradients(
            JavaSparkContext spark,
            Fit fit,
            BlockSet training,
            BlockSet validation,
            ResidentSettings settings,
            Supplier<GradientSource> otherwise) {
        this.spark = spark.sc();
        this.settings = settings;
        this.otherwise = otherwise;
        objective = fit.objective(training.layout());
        measures = fit.measures();
        this.training = training;
        this.validation = validation;
        yield = new SlotYield(this.spark, this::releaseIfIdle, this::holdsSlots);
    }

    /**
     * The reason why executors cannot talk to the driver, or not with the protection that the application demands; null
     * when they can. Does not apply to a local master, where nobody has to.
     */
    public static String obstacle() {
        return SparkTransport.obstacle();
    }

    /** The number of tasks that the cluster can run at once now. */
    public static int slots(SparkContext spark) {
        return Math.max(1, Executors.slots(spark));
    }

    @Override
    public List<Metric> metrics() {
        return measures.metrics();
    }

    /**
     * {@inheritDoc}
     *
     * @throws CancellationException when the thread is interrupted, or the Spark job was cancelled, by its group or in Spark's pages
     * @throws IllegalStateException when the job fails again and again
     */
    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        GradientSum sum = fallback != null ? null : compute(by -> by.gradient(epoch, step, parameters));
        return sum != null ? sum : fallback.gradient(epoch, step, parameters);
    }

    @Override
    public MetricSums validate(float[] parameters) {
        if (validation == null) {
            return null;
        }
        MetricSums sum = fallback != null ? null : compute(by -> by.measures(parameters));
        return sum != null ? sum : fallback.validate(parameters);
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        lock.lock();
        try {
            if (session != null) {
                session.overRanges(length, task);
                return;
            }
        } finally {
            lock.unlock();
        }
        if (fallback != null) {
            fallback.overRanges(length, task);
        } else {
            task.run(0, length);
        }
    }

    @Override
    public StepTimes times() {
        lock.lock();
        try {
            StepTimes sum = session == null ? times : times.plus(session.times());
            return fallback == null ? sum : sum.plus(fallback.times());
        } finally {
            lock.unlock();
        }
    }

    /** A computation by a session. */
    private interface Computation<T> {
        T by(Session session) throws SessionEndedException, InterruptedException;
    }

    /** Has a session compute something, with as many jobs as it takes; null when one job per step has taken over. */
    private <T> T compute(Computation<T> computation) {
        lock.lock();
        try {
            while (true) {
                try {
                    if (session != null && yield.takeWanted()) {
                        release(
                                "another job finds no slot: the resident workers release theirs, and wait for some again");
                        yield.awaitOthers();
                    }
                    if (session == null) {
                        answered = false;
                        session = open();
                    }
                    T answer = computation.by(session);
                    answered = true;
                    return answer;
                } catch (SessionEndedException e) {
                    forget(Session::cancel);
                    if (!goesOn(e)) {
                        fallback = otherwise.get();
                        return null;
                    }
                } catch (InterruptedException e) {
                    forget(Session::cancel);
                    throw cancelled("the thread was interrupted", e); // which is interrupted again after the cleanup
                }
            }
        } finally {
            yield.idleFromNow();
            lock.unlock();
        }
    }

    private static CancellationException cancelled(String why, Throwable cause) {
        CancellationException cancelled = new CancellationException("training was cancelled: " + why);
        cancelled.initCause(cause);
        return cancelled;
    }

    private Session open() throws SessionEndedException {
        int workers = ResidentJob.workers(spark, training.parts());
        return spark.isLocal()
                ? new LocalSession(spark, objective, measures, training, validation, workers)
                : new ClusterSession(spark, objective, measures, training, validation, workers, settings);
    }

    /** Ends the session, if there is one. */
    private void forget(Consumer<Session> how) {
        if (session != null) {
            times = times.plus(session.times());
            Session over = session;
            session = null;
            yield.takeWanted(); // forget it: the slots are free now
            how.accept(over);
        }
    }

    /** Whether to submit another job, rather than to do without resident workers. */
    private boolean goesOn(SessionEndedException end) {
        switch (end.reason()) {
            case CANCELLED -> throw cancelled(end.getMessage(), end.getCause());
            case UNREACHABLE -> {
                LOG.warn(
                        "gradients: one Spark job per step, because executors cannot reach the driver: {}",
                        end.getMessage());
                return false;
            }
            default -> {
                if (!answered) {
                    throw new IllegalStateException(
                            "the resident workers' job failed: " + end.getMessage(), end.getCause());
                }
                LOG.warn("the resident workers' job failed; starting another: {}", end.getMessage());
                return true;
            }
        }
    }

    private boolean holdsSlots() {
        Session now = session;
        return now != null && now.tasksRun();
    }

    /** Releases the slots when no step is running. */
    private void releaseIfIdle() {
        if (lock.tryLock()) {
            try {
                if (session != null && yield.isIdle()) {
                    release("another job waits for slots: the resident workers release them until the next step");
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void release(String message) {
        LOG.info(message);
        forget(Session::close);
    }

    @Override
    public void close() {
        yield.close();
        try {
            lock.lock();
            try {
                forget(Session::close);
            } finally {
                lock.unlock();
            }
        } finally {
            closeBlocks();
        }
    }

    private void closeBlocks() {
        if (fallback != null) {
            fallback.close();
            return;
        }
        training.close();
        if (validation != null) {
            validation.close();
        }
    }
}
