package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.RangeTask;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/**
 * The workers of one fit in one JVM. They share the parameters; the last to have done its share of an ask gives the
 * answer. Each is a Spark task, whose thread stays in {@link #serve} until the fit is over.
 *
 * <p>The newest ask counts: a worker that is still at an older one drops it when done. Thread-safe.
 */
final class WorkerGroup {
    private static final long PARK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(100); // then look whether Spark has killed the task

    /** Told what happens in the group; on the threads of the workers. */
    interface Uplink {
        void joined(Worker worker);

        /** The worker's task ends, after an exception perhaps. */
        void left(Worker worker);

        void answered(Answer answer);
    }

    private record Place(Worker worker, Thread thread) {}

    private final Uplink uplink;
    private final long spinNanos;
    private final boolean combines;
    private final ConcurrentMap<Long, Place> places = new ConcurrentHashMap<>(); // by attempt
    private volatile Ask current;
    private volatile Chore chore; // null when there is none
    private volatile Worker helped; // whose share the asking thread does; its own thread leaves the processor to that
    private volatile boolean stopped;
    private volatile String failure; // why it was stopped, when the tasks must not end as if all was well

    /**
     * @param spinNanos for how long a worker looks for the next ask before it lets its processor go: waking a thread takes
     *     longer than a step of a small network
     * @param combines whether the last worker adds what can be added, or leaves that to whoever asked
     */
    WorkerGroup(Uplink uplink, long spinNanos, boolean combines) {
        this.combines = combines;
        this.uplink = uplink;
        this.spinNanos = spinNanos;
    }

    /** Answers asks until the group is stopped or the task killed. */
    void serve(Worker worker, TaskContext context) {
        places.put(worker.attempt(), new Place(worker, Thread.currentThread()));
        try {
            uplink.joined(worker);
            Ask last = null;
            for (Ask ask = next(null, worker, context); ask != null; ask = next(last, worker, context)) {
                Share share = ask.share(worker);
                if (share != null && share.take()) {
                    answer(ask, share, worker);
                }
                last = ask;
            }
        } finally {
            places.remove(worker.attempt());
            uplink.left(worker);
        }
    }

    /** Waits for another ask than {@code last}; null when there will be none. */
    @SuppressWarnings("ThreadPriorityCheck") // without yield() a thread may wait for one that waits for its processor
    private Ask next(Ask last, Worker worker, TaskContext context) {
        long deadline = last == null ? 0 : System.nanoTime() + spinNanos;
        while (!stopped && !context.isInterrupted()) {
            Ask ask = current;
            if (ask != last) {
                return ask;
            }
            Chore now = worker == helped ? null : chore;
            if (now != null && now.help()) {
                deadline = System.nanoTime() + spinNanos;
            } else if (spinNanos > 0 && worker != helped && System.nanoTime() < deadline) {
                Thread.yield(); // what is waited for may be waiting for this very processor
            } else {
                LockSupport.parkNanos(this, PARK_NANOS);
            }
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return null;
    }

    /** Has idle workers help the calling thread with a task; for the thread that asks, between two asks. */
    void overRanges(int length, RangeTask task) {
        Chore now = Chore.of(length, task, places.size());
        if (now == null) {
            task.run(0, length);
            return;
        }
        chore = now;
        try {
            for (Place place : places.values()) {
                if (place.worker() != helped) {
                    LockSupport.unpark(place.thread());
                }
            }
            now.help();
        } finally {
            chore = null;
        }
        now.await();
    }

    private void answer(Ask ask, Share share, Worker worker) {
        if (ask.answer(share, worker)) {
            uplink.answered(ask.answer(combines));
        }
    }

    /** Gives the workers something to do; those who are at something else drop it when done. */
    void ask(Ask ask) {
        current = ask;
        List<Share> shares = ask.shares();
        for (int i = 0; i < shares.size(); i++) {
            Place place = places.get(shares.get(i).attempt());
            if (place != null) {
                LockSupport.unpark(place.thread());
            }
        }
    }

    /**
     * Like {@link #ask}, on a thread that has nothing else to do until the answer is there: it does one share itself, of a worker
     * whose blocks are in memory. That spares the waking of a thread, and with one share all hand-over.
     */
    void askAndHelp(Ask ask) {
        Share own = null;
        Worker worker = null;
        if (ask.question().kind() == Question.Kind.GRADIENT) {
            Share first = ask.shares().get(0);
            Place place = places.get(first.attempt());
            if (place != null && place.worker().canBeHelped(first.parts()) && first.take()) {
                own = first;
                worker = place.worker();
            }
        }
        helped = own == null ? null : worker;
        if (own == null) {
            ask(ask);
            return;
        }
        current = ask;
        for (int i = 1; i < ask.shares().size(); i++) {
            Place place = places.get(ask.shares().get(i).attempt());
            if (place != null) {
                LockSupport.unpark(place.thread());
            }
        }
        answer(ask, own, worker);
    }

    /** Ends the workers' tasks with an exception, unless they were let go before: Spark runs them again. */
    void fail(String reason) {
        if (!stopped) {
            failure = reason;
            stop();
        }
    }

    /** Lets the workers go. */
    void stop() {
        stopped = true;
        places.values().forEach(place -> LockSupport.unpark(place.thread()));
    }
}
