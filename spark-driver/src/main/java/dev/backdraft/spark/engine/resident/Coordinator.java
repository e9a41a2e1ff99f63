package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.engine.resident.Roster.Seat;
import dev.backdraft.train.LaneSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Roster roster;
    private final BooleanSupplier tasksRun;
    private final long registrationNanos;
    private final long stepNanos;
    private final long spinNanos;

    private final Map<Member, Pending> pending = new HashMap<>();
    private final Set<Member> stalled = new HashSet<>(); // took too long; until they answer something
    private Collection collection; // of the question that stands
    private boolean stopped;
    private SessionEndedException end;
    private long lastAsk;
    private volatile boolean settled; // nothing pending and nothing missing, or over

    /** An ask that is not answered yet. */
    private record Pending(Ask ask, BitSet parts, long since) {}

    /**
     * @param workers tasks of the job
     * @param tasksRun whether Spark runs any of them
     * @param spinNanos for how long the driver looks for answers before it lets its processor go
     */
    Coordinator(int workers, ResidentSettings settings, BooleanSupplier tasksRun, long spinNanos) {
        roster = new Roster(workers);
        this.tasksRun = tasksRun;
        this.spinNanos = spinNanos;
        registrationNanos = TimeUnit.MILLISECONDS.toNanos(settings.registrationMillis());
        stepNanos = TimeUnit.MILLISECONDS.toNanos(settings.stepMillis());
    }

    /** What has come in for a question. */
    static final class Collection {
        private final Question question;
        private final BlockParts parts;
        private final BitSet missing = new BitSet();
        private final Set<Member> asked = new HashSet<>();
        private final List<LaneSum> sums = new ArrayList<>();
        private final List<MeasuredBlock> measured = new ArrayList<>();
        private long computeNanos;
        private long combineNanos;
        private long publishNanos;
        private long bytesSent;
        private long bytesReceived;

        Collection(Question question, BlockParts parts) {
            this.question = question;
            this.parts = parts;
            int count = parts.count();
            if (question.kind() == Question.Kind.GRADIENT) {
                count = parts.partOfLane(question.activeLanes() - 1) + 1; // the others have no rows in this step
            }
            missing.set(0, count);
        }

        List<LaneSum> sums() {
            return sums;
        }

        List<MeasuredBlock> measured() {
            return measured;
        }

        /** The slowest worker's, summed over the rounds of asking. */
        long computeNanos() {
            return computeNanos;
        }

        long combineNanos() {
            return combineNanos;
        }

        long publishNanos() {
            return publishNanos;
        }

        /** By the driver, while it waited. */
        long bytesSent() {
            return bytesSent;
        }

        long bytesReceived() {
            return bytesReceived;
        }

        void setTraffic(long sent, long received) {
            bytesSent = sent;
            bytesReceived = received;
        }

        private void add(Answer answer) {
            sums.addAll(answer.sums());
            measured.addAll(answer.measured());
            computeNanos = Math.max(computeNanos, answer.computeNanos());
            combineNanos = Math.max(combineNanos, answer.combineNanos());
        }
    }

    /**
     * Asks the workers and waits for all answers. Waits for as long as it takes, as Spark does for slots; until the job is over.
     *
     * @param parts partitions that the question is about
     * @param outlet to the members
     * @return valid until the next question
     */
    Collection ask(Question question, BlockParts parts, Member.Outlet outlet)
            throws SessionEndedException, InterruptedException {
        Collection now = new Collection(question, parts);
        lock.lockInterruptibly();
        try {
            collection = now;
            long lastLog = System.nanoTime();
            while (true) {
                checkEnd();
                setLateAside(now);
                Map<Member, Ask> asks = handOut(now);
                settled = pending.isEmpty() && now.missing.isEmpty();
                if (settled) {
                    return now;
                }
                if (!asks.isEmpty()) {
                    publish(asks, outlet, now);
                } else {
                    changed.awaitNanos(LOOK_NANOS);
                    lastLog = logWait(now, lastLog);
                }
            }
        } finally {
            collection = null;
            pending.clear();
            lock.unlock();
        }
    }

    /** Sends asks, without the lock, as that takes its time, and waits a little for the answers. */
    private void publish(Map<Member, Ask> asks, Member.Outlet outlet, Collection now) {
        lock.unlock();
        try {
            long start = System.nanoTime();
            outlet.ask(asks);
            long end = System.nanoTime();
            now.publishNanos += end - start;
            if (spinNanos > 0) {
                while (!settled && System.nanoTime() - end < spinNanos) {
                    Thread.onSpinWait();
                }
            }
        } finally {
            lock.lock();
        }
    }

    private void checkEnd() throws SessionEndedException {
        if (end != null) {
            throw end;
        }
        boolean nobody = !roster.everTaken() && roster.nanosEmpty(0) > registrationNanos;
        if (nobody && tasksRun.getAsBoolean()) {
            throw new SessionEndedException(
                    SessionEndedException.Reason.UNREACHABLE,
                    "tasks run, but none has reached the driver within "
                            + TimeUnit.NANOSECONDS.toSeconds(registrationNanos) + " s",
                    null);
        }
    }

    private long logWait(Collection now, long lastLog) {
        if (System.nanoTime() - lastLog < LOG_NANOS) {
            return lastLog;
        }
        LOG.info(
                "waiting: {} of {} workers are here, {} asks are open, {} partitions wait for their worker",
                roster.present(),
                roster.workers(),
                pending.size(),
                now.missing.cardinality());
        return System.nanoTime();
    }

    /** Gives up on members that take too long when somebody else could do their work. */
    private void setLateAside(Collection now) {
        Iterator<Map.Entry<Member, Pending>> entries = pending.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Member, Pending> entry = entries.next();
            Pending late = entry.getValue();
            if (System.nanoTime() - late.since() > stepNanos && anyFree()) {
                LOG.warn("no answer for {} s: others do the work", TimeUnit.NANOSECONDS.toSeconds(stepNanos));
                stalled.add(entry.getKey());
                now.missing.or(late.parts());
                entries.remove();
            }
        }
    }

    private boolean anyFree() {
        for (int worker = 0; worker < roster.workers(); worker++) {
            Seat seat = roster.seat(worker);
            if (seat != null && isFree(seat)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFree(Seat seat) {
        return !pending.containsKey(seat.member()) && !stalled.contains(seat.member());
    }

    /** Makes asks of the missing partitions that somebody can do now. */
    private Map<Member, Ask> handOut(Collection now) {
        Map<Seat, BitSet> work = new LinkedHashMap<>();
        for (int part = now.missing.nextSetBit(0); part >= 0; part = now.missing.nextSetBit(part + 1)) {
            Seat taker = taker(part, now.parts.count(), work);
            if (taker != null) {
                work.computeIfAbsent(taker, key -> new BitSet()).set(part);
            }
        }
        Map<Member, List<Share>> shares = new LinkedHashMap<>();
        work.forEach((seat, parts) -> shares.computeIfAbsent(seat.member(), key -> new ArrayList<>())
                .add(new Share(seat.worker(), seat.attempt(), parts.stream().toArray())));
        Map<Member, Ask> asks = new LinkedHashMap<>();
        shares.forEach((member, list) -> {
            Ask ask = new Ask(++lastAsk, now.question, !now.asked.add(member), list);
            BitSet parts = new BitSet();
            list.forEach(share -> {
                for (int part : share.parts()) {
                    parts.set(part);
                }
            });
            pending.put(member, new Pending(ask, parts, System.nanoTime()));
            now.missing.andNot(parts);
            asks.put(member, ask);
        });
        return asks;
    }

    /** Who does a partition now: its own worker; another when that is not to be expected; null to wait. */
    private Seat taker(int part, int parts, Map<Seat, BitSet> work) {
        int owner = BlockParts.owner(parts, roster.workers(), part);
        Seat seat = roster.seat(owner);
        if (seat != null && isFree(seat)) {
            return seat;
        }
        boolean waits = seat == null ? roster.nanosEmpty(owner) <= registrationNanos : !stalled.contains(seat.member());
        if (waits) {
            return null;
        }
        Seat best = null;
        int least = Integer.MAX_VALUE;
        for (int worker = 0; worker < roster.workers(); worker++) {
            Seat other = roster.seat(worker);
            if (other != null && isFree(other)) {
                BitSet load = work.get(other);
                int size = load == null ? 0 : load.cardinality();
                if (size < least) {
                    best = other;
                    least = size;
                }
            }
        }
        return best;
    }

    /** A worker is there. */
    void joined(Member member, int worker, long attempt) {
        lock.lock();
        try {
            if (stopped) {
                member.stop();
                return;
            }
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
            Pending open = pending.get(member);
            if (open != null && open.ask().shares().stream().anyMatch(share -> share.attempt() == attempt)) {
                abandon(member);
            }
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
            abandon(member);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void abandon(Member member) {
        Pending open = pending.remove(member);
        if (open != null && collection != null) {
            collection.missing.or(open.parts());
        }
    }

    /** An answer; dropped when nobody waits for it any more. */
    void answered(Member member, Answer answer) {
        lock.lock();
        try {
            stalled.remove(member);
            Pending open = pending.get(member);
            if (open != null && open.ask().number() == answer.ask()) {
                pending.remove(member);
                collection.add(answer);
                settled = pending.isEmpty() && collection.missing.isEmpty();
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

    private void stopWorkers() {
        stopped = true;
        settled = true;
        for (Member member : roster.members()) {
            member.stop();
        }
        changed.signalAll();
    }
}
