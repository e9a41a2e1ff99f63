package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.metric.Metric;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.local.LocalSession;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.Session;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.wire.SparkTransport;
import dev.backdraft.train.Fit;
import dev.backdraft.train.GradientSource;
import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import dev.backdraft.train.RangeTask;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.Validation;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gradients by resident workers. One ordinary Spark job runs for the whole fit, a task a slot; its tasks answer step
 * after step, so that a step costs a message to each executor and back. The measures of the validation rows come the
 * same way: an ordinary job would wait for the slots that the tasks hold. With a local master the tasks hold blocks and
 * slots, and the threads of {@link dev.backdraft.train.LocalGradients} compute.
 *
 * <p>Workers are functions of (objective, parameters, epoch, step, partitions). A lost executor's tasks are run again by Spark, come
 * back, and are asked again; when the whole job is lost, another is submitted. No loss changes a bit. If tasks run but cannot reach
 * the driver, a job per step takes over.
 *
 * <p>While the training does something else, as in a listener that runs a Spark job of its own, the tasks give up their
 * slots to whatever job waits, and come back for the next step. Between two steps of a busy training they do so when
 * another job has found no slot for some seconds ({@link SlotYield}).
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
    private Session session;
    private boolean answered; // by this session
    private GradientSource fallback;
    private StepTimes times = StepTimes.NONE;

    /**
     * Submits nothing yet: the job starts with the first question.
     *
     * @param training closed with this source
     * @param validation or null; closed with this source
     * @param otherwise makes a source over the same block sets, which it will close, when executors cannot reach the driver
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
        yield = new SlotYield(this.spark, this::releaseIfIdle);
    }

    /**
     * Why executors cannot talk to the driver, or not with the protection that the application demands; null when they can. Not to
     * be asked of a local master, where nobody has to.
     */
    public static String obstacle() {
        return SparkTransport.obstacle();
    }

    /** The number of tasks that the cluster can run at once now. */
    public static int slots(SparkContext spark) {
        return Math.max(1, SparkTransport.slots(spark));
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
        GradientSum sum = fallback != null ? null : ask(of -> of.gradient(epoch, step, parameters));
        return sum != null ? sum : fallback.gradient(epoch, step, parameters);
    }

    @Override
    public Validation validate(float[] parameters) {
        if (validation == null) {
            return null;
        }
        Validation sum = fallback != null ? null : ask(of -> of.measures(parameters));
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

    /** Something that is asked of a session. */
    private interface Asked<T> {
        T of(Session session) throws SessionEndedException, InterruptedException;
    }

    /** Asks the workers, with as many jobs as it takes; null when a job per step has taken over. */
    private <T> T ask(Asked<T> asked) {
        lock.lock();
        try {
            while (true) {
                try {
                    if (session != null && yield.takeWanted()) {
                        release(
                                "another job finds no slot: the resident workers release theirs, and wait for some again");
                    }
                    if (session == null) {
                        answered = false;
                        session = open();
                    }
                    T answer = asked.of(session);
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
                    CancellationException cancelled =
                            new CancellationException("training was cancelled: the thread was interrupted");
                    cancelled.initCause(e); // by which the thread is interrupted again, when all is cleaned up
                    throw cancelled;
                }
            }
        } finally {
            yield.idleFromNow();
            lock.unlock();
        }
    }

    private Session open() throws SessionEndedException {
        int workers = workers();
        return spark.isLocal()
                ? new LocalSession(spark, objective, measures, training, validation, workers)
                : new ClusterSession(spark, objective, measures, training, validation, workers, executors(), settings);
    }

    /** Ends the session, if there is one. */
    private void forget(Consumer<Session> how) {
        if (session != null) {
            times = times.plus(session.times());
            Session over = session;
            session = null;
            yield.takeWanted(); // its slots are free, whoever wanted them
            how.accept(over);
        }
    }

    /** Whether to try with another job, or not at all with resident workers. */
    private boolean goesOn(SessionEndedException end) {
        switch (end.reason()) {
            case CANCELLED -> {
                CancellationException cancelled =
                        new CancellationException("training was cancelled: " + end.getMessage());
                cancelled.initCause(end.getCause());
                throw cancelled;
            }
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

    /**
     * One for each slot that other fits have left; all when none is, as they will be free when those end. Where Spark starts
     * executors when tasks wait, one for each slot that there may be.
     */
    private int workers() {
        int slots = Math.max(1, SparkTransport.slots(spark));
        int free = slots - ResidentJob.allTasks();
        int wanted = Math.max(free > 0 ? free : slots, slotsToCome());
        return Math.min(training.parts(), wanted);
    }

    private int slotsToCome() {
        SparkConf conf = spark.getConf();
        long each = Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
        return (int) Math.min(training.parts(), executorsToCome() * each);
    }

    /** Where Spark starts executors when tasks wait, how many it may start; else 0. */
    private long executorsToCome() {
        SparkConf conf = spark.getConf();
        return spark.isLocal() || !conf.getBoolean("spark.dynamicAllocation.enabled", false)
                ? 0
                : conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
    }

    private int executors() {
        return (int) Math.max(spark.getExecutorIds().size(), Math.min(executorsToCome(), training.parts()));
    }

    /** Gives the slots back when no question is open. */
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
