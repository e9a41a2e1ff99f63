package dev.backdraft.spark.engine.resident;

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
    private final ConcurrentMap<Long, Place> places = new ConcurrentHashMap<>(); // by attempt
    private volatile Ask current;
    private volatile boolean stopped;
    private volatile String failure; // why it was stopped, when the tasks must not end as if all was well

    WorkerGroup(Uplink uplink) {
        this.uplink = uplink;
    }

    /** Answers asks until the group is stopped or the task killed. */
    void serve(Worker worker, TaskContext context) {
        places.put(worker.attempt(), new Place(worker, Thread.currentThread()));
        try {
            uplink.joined(worker);
            Ask last = null;
            for (Ask ask = next(null, context); ask != null; ask = next(last, context)) {
                Share share = ask.share(worker);
                if (share != null && ask.answer(share, worker)) {
                    uplink.answered(ask.answer());
                }
                last = ask;
            }
        } finally {
            places.remove(worker.attempt());
            uplink.left(worker);
        }
    }

    /** Waits for another ask than {@code last}; null when there will be none. */
    private Ask next(Ask last, TaskContext context) {
        while (!stopped && !context.isInterrupted()) {
            Ask ask = current;
            if (ask != last) {
                return ask;
            }
            LockSupport.parkNanos(this, PARK_NANOS);
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return null;
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
