package dev.backdraft.spark.engine.resident.driver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.driver.Workers.Seat;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Kind;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distributes each step over the workers of a session and collects the replies. When a worker is lost, its parts are
 * requested again, from its rerun if that joins in time, otherwise from other workers. The bits do not depend on who
 * computes what.
 *
 * <p>This is an event loop, and the thread that trains runs it. Network threads and Spark's threads only put events
 * into a queue ({@link #joined}, {@link #replied}, {@link #lost} …); {@link #run} handles them one after the other
 * while it waits for replies. So all other state has one owner at a time and needs no lock. {@link #run} and {@link
 * #stop} must not be called by two threads at once; all other methods may be called by any thread.
 */
final class Coordinator {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200); // between two checks of the time limits
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_BREAKS = 3;

    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private volatile boolean stopped; // no worker is wanted any more
    private volatile int present; // number of workers present, for other threads

    // of the thread that runs the loop
    private final ResidentSettings settings;
    private final BooleanSupplier tasksRun;
    private final long registrationNanos;
    private final long stepNanos;
    private final Workers workers;
    private StepProgress step; // null between two steps
    private SessionEndedException end; // null until the job is over
    private long lastRequest; // number
    private int breaks; // of connections between executors
    private boolean running; // whether Spark was running tasks at the last check
    private long runningSince; // nanoTime
    private long lastLog; // nanoTime

    /**
     * @param workers tasks of the job
     * @param tasksRun whether Spark runs any of them
     */
    Coordinator(int workers, ResidentSettings settings, BooleanSupplier tasksRun) {
        this.settings = settings;
        this.tasksRun = tasksRun;
        registrationNanos = TimeUnit.MILLISECONDS.toNanos(settings.registrationMillis());
        stepNanos = TimeUnit.MILLISECONDS.toNanos(settings.stepMillis());
        this.workers = new Workers(workers, registrationNanos);
    }

    /**
     * Has the workers compute something, and returns the results of all parts. Waits for as long as it takes, as Spark
     * does for slots, or until the job is over.
     *
     * @param set that the work is about
     * @param sender sends requests to their executors, and returns the nanoseconds that this took; replies, if any
     *     come, go to {@link #replied}
     * @return valid until the next call
     */
    StepProgress run(Work work, BlockSet set, ToLongFunction<Map<ExecutorHandle, Request>> sender)
            throws SessionEndedException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        step = new StepProgress(work, set);
        lastLog = System.nanoTime();
        try {
            while (true) {
                handleEvents();
                checkEnd();
                replaceLate();
                Map<ExecutorHandle, Request> requests = nextRequests();
                if (!requests.isEmpty()) {
                    step.addSendNanos(sender.applyAsLong(requests));
                } else if (step.isComplete()) {
                    return step;
                } else {
                    awaitEvent();
                    logWait();
                }
            }
        } finally {
            step = null;
        }
    }

    private void handleEvents() {
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
        present = workers.present();
    }

    private void awaitEvent() throws InterruptedException {
        Runnable event = events.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
        if (event != null) {
            event.run();
        }
    }

    private void checkEnd() throws SessionEndedException {
        if (end != null) {
            throw end;
        }
        if (!workers.anyJoined() && nanosRunning() > registrationNanos) {
            throw new SessionEndedException(
                    SessionEndedException.Reason.UNREACHABLE,
                    "tasks run, but none has connected to the driver within spark.backdraft.registrationTimeout="
                            + settings.registrationMillis()
                            + "ms: check that executors can reach spark.driver.host at spark.backdraft.port, or give"
                            + " them more time",
                    null);
        }
    }

    /** For how long Spark has been running tasks of the job; 0 while all of them wait for slots. */
    private long nanosRunning() {
        boolean before = running;
        running = tasksRun.getAsBoolean();
        if (running && !before) {
            runningSince = System.nanoTime();
        }
        return running ? System.nanoTime() - runningSince : 0;
    }

    private void logWait() {
        if (System.nanoTime() - lastLog > LOG_NANOS) {
            lastLog = System.nanoTime();
            LOG.info(
                    "waiting: {} of {} workers are present, {} requests are open, {} parts wait for their worker",
                    workers.present(),
                    workers.count(),
                    step.openCount(),
                    step.missing().cardinality());
        }
    }

    /** Gives up on executors that take too long, when somebody else can do their work. */
    private void replaceLate() {
        step.openLongerThan(stepNanos).forEach((executor, request) -> {
            boolean direct = request.forwards().isEmpty();
            if (direct && !workers.anyFree(step::isBusy)) {
                return;
            }
            if (direct) {
                LOG.warn(
                        "no reply within spark.backdraft.stepTimeout={}ms: other workers do the work",
                        settings.stepMillis());
                workers.setLate(executor, request);
            } else { // any of the executors may be late, so talk to each of them, also in later steps
                LOG.warn(
                        "no reply from a tree of executors within spark.backdraft.stepTimeout={}ms: from now on the"
                                + " driver talks to all of them itself",
                        settings.stepMillis());
                breaks = MOST_BREAKS;
            }
            step.abandon(open -> open.number() == request.number());
        });
    }

    /** Makes requests for the missing parts that a worker can compute now. */
    private Map<ExecutorHandle, Request> nextRequests() {
        if (step.missing().isEmpty() || !workers.areDealt()) {
            return Map.of();
        }
        boolean firstRound = step.isFirstRound(); // what has to be requested again is requested directly
        Map<ExecutorHandle, Request> made = new LinkedHashMap<>();
        workers.assign(step.missing(), step.partCount(), step::isBusy)
                .forEach((executor, assignments) -> made.put(
                        executor, new Request(++lastRequest, executor.address(), step.work(), assignments, List.of())));
        step.assigned(made);
        Collection<Request> requests = made.values();
        return step.opened(
                firstRound && usesTree(requests) ? Request.trees(List.copyOf(requests), settings.fanOut()) : requests);
    }

    private boolean usesTree(Collection<Request> requests) {
        return settings.usesTree(step.work().parameters().length, requests.size())
                && step.work().kind() == Kind.GRADIENT
                && breaks < MOST_BREAKS
                && requests.stream().noneMatch(request -> request.to().equals(Messages.NOWHERE));
    }

    /** The number of workers that were present when events were last handled. */
    int workersPresent() {
        return present;
    }

    /** A worker has joined. */
    void joined(ExecutorHandle executor, int worker, long attempt) {
        events.add(() -> workers.joined(new Seat(executor, worker, attempt)));
        if (stopped) { // after the event is in the queue: either this or stop() sees the worker
            executor.stop();
        }
    }

    /** A worker's task has ended. What its executor was computing is requested again. */
    void left(ExecutorHandle executor, int worker, long attempt) {
        events.add(() -> {
            workers.left(new Seat(executor, worker, attempt));
            abandon(request -> request.hasAttempt(attempt));
        });
    }

    /** The connection to an executor is lost. */
    void lost(ExecutorHandle executor) {
        events.add(() -> {
            workers.lost(executor);
            abandon(request -> step.worksOn(executor, request));
        });
    }

    /**
     * An executor cannot get a reply from another to which it forwarded a request. When this happens often, nobody
     * forwards.
     */
    void broken(ExecutorHandle executor, long request) {
        events.add(() -> {
            LOG.debug("{} has lost another executor", executor);
            if (abandon(open -> open.contains(request))) { // else it has been reported before
                breaks++;
                if (breaks == MOST_BREAKS) {
                    LOG.warn("executors lose each other: from now on the driver talks to all of them itself");
                }
            }
        });
    }

    /** A request or its reply could not be read, because something newer was in its place. Nobody works on it. */
    void missed(ExecutorHandle executor, long request) {
        events.add(() -> {
            workers.answered(executor, request); // what the executor does about other requests is not known
            abandon(open -> open.contains(request));
        });
    }

    /** A worker of the executor has finished with a request that is not the executor's newest one any more. */
    void outdated(ExecutorHandle executor, long request) {
        events.add(() -> {
            workers.clearLate(executor);
            abandon(open -> open.contains(request));
        });
    }

    /** Returns whether there was any such request. */
    @CanIgnoreReturnValue
    private boolean abandon(Predicate<Request> which) {
        return step != null && step.abandon(which);
    }

    /** A reply has come. It is dropped when nobody waits for it any more. */
    void replied(ExecutorHandle executor, Reply reply) {
        events.add(() -> {
            workers.answered(executor, reply.request());
            if (step != null) {
                step.add(executor, reply);
            }
        });
    }

    /** The job is over: {@link #run} throws this, now or when it is called next. */
    void ended(SessionEndedException reason) {
        events.add(() -> {
            if (end == null) {
                end = reason;
            }
            stopWorkers();
        });
    }

    /** Lets all workers go, and those that join later. */
    void stop() {
        stopped = true;
        handleEvents(); // so that those who have joined meanwhile are known
        stopWorkers();
    }

    private void stopWorkers() {
        stopped = true;
        workers.executors().forEach(ExecutorHandle::stop);
    }
}
