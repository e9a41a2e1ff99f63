package dev.backdraft.spark.engine.resident;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.Roster.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's side of a resident job: hands a question out over the workers that are there, and collects the answers. Partitions
 * whose worker is lost are asked for again: of its rerun when that comes in time, else of others. The answers are the same bits
 * whoever gives them.
 *
 * <p>Thread-safe; {@link #ask} is for one thread at a time.
 */
final class Coordinator {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200); // for time limits
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int SMALL = 1 << 14; // floats: a frame is no load for the driver
    private static final int MOST_BREAKS = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Roster roster;

    private final BooleanSupplier tasksRun;
    private final long registrationNanos;
    private final long stepNanos;

    @GuardedBy("lock")
    private final Deal deal;

    @GuardedBy("lock")
    private final HandOut handOut;

    private final int fanOut;

    @GuardedBy("lock")
    private final OpenAsks open = new OpenAsks();

    @GuardedBy("lock")
    private final Map<Member, Branch> stalled =
            new HashMap<>(); // took too long over these, and are not asked until they answer

    @GuardedBy("lock")
    private Collected collected; // of the question that stands

    @GuardedBy("lock")
    private boolean stopped;

    @GuardedBy("lock")
    private SessionEndedException end;

    @GuardedBy("lock")
    private long lastAsk;

    @GuardedBy("lock")
    private int breaks; // between executors

    @GuardedBy("lock")
    private boolean running; // Spark was last seen to run tasks

    @GuardedBy("lock")
    private long runningSince; // nanoTime

    /**
     * @param workers tasks of the job
     * @param tasksRun whether Spark runs any of them
     */
    Coordinator(int workers, ResidentSettings settings, BooleanSupplier tasksRun) {
        roster = new Roster(workers);
        this.tasksRun = tasksRun;
        registrationNanos = TimeUnit.MILLISECONDS.toNanos(settings.registrationMillis());
        stepNanos = TimeUnit.MILLISECONDS.toNanos(settings.stepMillis());
        fanOut = settings.fanOut();
        deal = new Deal(roster, registrationNanos);
        handOut = new HandOut(roster, deal, open, stalled.keySet(), registrationNanos);
    }

    /**
     * Asks the workers and waits for all answers. Waits for as long as it takes, as Spark does for slots; until the job is over.
     *
     * @param parts partitions that the question is about
     * @param outlet to the members
     * @return valid until the next question
     */
    Collected ask(Question question, BlockSet parts, Member.Outlet outlet)
            throws SessionEndedException, InterruptedException {
        Collected now = new Collected(question, parts);
        lock.lockInterruptibly();
        try {
            collect(now, outlet);
        } finally {
            lock.unlock();
        }
        return now;
    }

    @GuardedBy("lock")
    private void collect(Collected now, Member.Outlet outlet) throws SessionEndedException, InterruptedException {
        collected = now;
        try {
            long lastLog = System.nanoTime();
            while (true) {
                checkEnd();
                setLateAside(now);
                List<Branch> branches = branches(now);
                if (open.isEmpty() && now.missing().isEmpty()) {
                    return;
                }
                if (!branches.isEmpty()) {
                    publish(branches, outlet, now);
                } else {
                    changed.awaitNanos(LOOK_NANOS);
                    lastLog = logWait(now, lastLog);
                }
            }
        } finally {
            collected = null;
            open.clear();
        }
    }

    /** Sends asks, without the lock, as that takes its time. */
    private void publish(List<Branch> branches, Member.Outlet outlet, Collected now) {
        lock.unlock();
        try {
            now.addPublishNanos(outlet.ask(branches));
        } finally {
            lock.lock();
        }
    }

    @GuardedBy("lock")
    private void checkEnd() throws SessionEndedException {
        if (end != null) {
            throw end;
        }
        if (!roster.everTaken() && nanosRunning() > registrationNanos) {
            throw new SessionEndedException(
                    SessionEndedException.Reason.UNREACHABLE,
                    "tasks run, but none has reached the driver within "
                            + TimeUnit.NANOSECONDS.toMillis(registrationNanos) / 1e3 + " s",
                    null);
        }
    }

    /** For how long Spark has been seen to run tasks; 0 when it runs none, as long as they wait for slots. */
    @GuardedBy("lock")
    private long nanosRunning() {
        boolean before = running;
        running = tasksRun.getAsBoolean();
        if (running && !before) {
            runningSince = System.nanoTime();
        }
        return running ? System.nanoTime() - runningSince : 0;
    }

    @GuardedBy("lock")
    private long logWait(Collected now, long lastLog) {
        if (System.nanoTime() - lastLog < LOG_NANOS) {
            return lastLog;
        }
        LOG.info(
                "waiting: {} of {} workers are here, {} asks are open, {} partitions wait for their worker",
                roster.present(),
                roster.workers(),
                open.size(),
                now.missing().cardinality());
        return System.nanoTime();
    }

    /** Gives up on members that take too long when somebody else could do their work. */
    @GuardedBy("lock")
    private void setLateAside(Collected now) {
        for (Branch branch : open.olderThan(stepNanos)) {
            boolean alone = branch.children().isEmpty();
            if (alone && !handOut.anyFree()) {
                continue;
            }
            if (alone) {
                LOG.warn("no answer for {} s: other workers do the work", TimeUnit.NANOSECONDS.toSeconds(stepNanos));
                stalled.put(branch.member(), branch);
            } // else it is not known who of them is late: ask each of them
            open.giveUp(late -> late.has(branch.ask().number()), now.missing());
        }
    }

    /** Makes asks of the missing partitions that somebody can do now. */
    @GuardedBy("lock")
    private List<Branch> branches(Collected now) {
        if (now.missing().isEmpty() || !deal.isMade()) {
            return List.of();
        }
        boolean first = now.isFirstRound(); // what has to be asked again is asked for directly
        List<Branch> asks = new ArrayList<>();
        handOut.shares(now.missing(), now.partCount())
                .forEach((member, shares) -> asks.add(
                        Branch.leaf(member, new Ask(++lastAsk, now.question(), now.askAgain(member), shares))));
        List<Branch> branches = first && goesThroughTree(now.question(), asks) ? Branch.forest(asks, fanOut) : asks;
        for (Branch branch : branches) {
            open.add(branch);
        }
        return branches;
    }

    /** Whether members may have to hand vectors of this length on to others, so that the driver is not crowded. */
    static boolean mayHandOn(int length, int members, int fanOut) {
        return members > fanOut && length >= SMALL;
    }

    @GuardedBy("lock")
    private boolean goesThroughTree(Question question, List<Branch> asks) {
        return mayHandOn(question.parameters().length, asks.size(), fanOut)
                && question.kind() == Question.Kind.GRADIENT
                && breaks < MOST_BREAKS
                && asks.stream().noneMatch(ask -> ask.member().endpoint().equals(Endpoint.NONE));
    }

    /** How many workers are there now. */
    int workersPresent() {
        lock.lock();
        try {
            return roster.present();
        } finally {
            lock.unlock();
        }
    }

    /** A worker is there. */
    void joined(Member member, int worker, long attempt) {
        lock.lock();
        try {
            if (stopped) {
                member.stop();
                return;
            }
            stalled.remove(member); // there is a new thread to ask
            roster.add(new Seat(member, worker, attempt));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A worker's task has ended. What its JVM was asked is asked again. */
    void left(Member member, int worker, long attempt) {
        lock.lock();
        try {
            roster.remove(new Seat(member, worker, attempt));
            Branch late = stalled.get(member);
            if (late != null && late.hasAttempt(attempt)) {
                stalled.remove(member); // perhaps this was the one that took too long
            }
            abandon(branch -> branch.hasAttempt(attempt));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A JVM is lost with all its workers. */
    void lost(Member member) {
        lock.lock();
        try {
            roster.removeAll(member);
            stalled.remove(member);
            abandon(branch -> branch.members().contains(member));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A member cannot hear from another that it handed an ask on to. When that happens again and again, nobody hands on. */
    void broken(Member member, long ask) {
        lock.lock();
        try {
            breaks++;
            if (breaks == MOST_BREAKS) {
                LOG.warn("executors lose each other: from now on the driver talks to all of them itself");
            }
            LOG.debug("{} has lost another executor", member);
            abandon(branch -> branch.has(ask));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** An ask or its answer came too late to be read: there is something newer in its place. */
    void missed(Member member, long ask) {
        lock.lock();
        try {
            stalled.remove(member); // it has nothing to do any more
            abandon(branch -> branch.has(ask));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void abandon(Predicate<Branch> which) {
        if (collected != null) {
            open.giveUp(which, collected.missing());
        }
    }

    /** An answer; dropped when nobody waits for it any more. */
    void answered(Member member, Answer answer) {
        lock.lock();
        try {
            stalled.remove(member);
            if (open.answered(member, answer.ask())) {
                collected.add(answer);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The job is over: whoever waits for an answer is told. */
    void ended(SessionEndedException reason) {
        lock.lock();
        try {
            if (end == null) {
                end = reason;
            }
            stopWorkers();
        } finally {
            lock.unlock();
        }
    }

    /** Lets all workers go, and those that are still to come. */
    void stop() {
        lock.lock();
        try {
            stopWorkers();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stopWorkers() {
        stopped = true;
        for (Member member : roster.members()) {
            member.stop();
        }
        changed.signalAll();
    }
}
