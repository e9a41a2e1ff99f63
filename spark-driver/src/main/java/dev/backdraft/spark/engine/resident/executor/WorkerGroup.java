package dev.backdraft.spark.engine.resident.executor;

import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/**
 * The workers of one session in one JVM. Each is a Spark task, whose thread stays in {@link #serve} until the session
 * is over. They share the parameters, and the last one to finish its assignment of a request passes on the result of
 * all.
 *
 * <p>Only the newest request counts: a worker that is still computing an older one takes up the newest when it is done.
 * Thread-safe.
 */
final class WorkerGroup {
    private static final long PARK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(100); // after which a worker checks whether Spark has killed its task

    /** Is told what happens in the group, on the threads of the workers. */
    interface Listener {
        void joined(Worker worker);

        /** The worker's task ends, possibly with an exception. */
        void left(Worker worker);

        /**
         * A worker has finished its assignment of a request.
         *
         * @param ofWorkers the result of all workers; null when others have not finished
         */
        void computed(PendingReply pending, Reply ofWorkers);
    }

    private record Seat(Worker worker, Thread thread) {}

    private final Listener listener;
    private final ConcurrentMap<Long, Seat> seats = new ConcurrentHashMap<>(); // by attempt
    private volatile PendingReply current;
    private volatile boolean stopped;
    private volatile String failure; // why the tasks must fail; null when they end normally

    WorkerGroup(Listener listener) {
        this.listener = listener;
    }

    /** Computes requests until the group is stopped or the task is killed. */
    void serve(Worker worker, TaskContext context) {
        seats.put(worker.attempt(), new Seat(worker, Thread.currentThread()));
        try {
            listener.joined(worker);
            PendingReply last = null;
            for (PendingReply next = next(null, context); next != null; next = next(last, context)) {
                Assignment assignment = next.assignment(worker);
                if (assignment != null) {
                    boolean all = next.compute(assignment, worker);
                    listener.computed(next, all ? next.ofWorkers() : null);
                }
                last = next;
            }
        } finally {
            seats.remove(worker.attempt());
            listener.left(worker);
        }
    }

    /** Waits for another request than {@code last}; null when there will be none. */
    private PendingReply next(PendingReply last, TaskContext context) {
        while (!stopped && !context.isInterrupted()) {
            PendingReply newest = current;
            if (newest != last) {
                return newest;
            }
            LockSupport.parkNanos(this, PARK_NANOS);
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return null;
    }

    /** Wakes the workers that have an assignment. */
    void compute(PendingReply pending) {
        current = pending;
        for (Assignment assignment : pending.request().assignments()) {
            Seat seat = seats.get(assignment.attempt());
            if (seat != null) {
                LockSupport.unpark(seat.thread());
            }
        }
    }

    /**
     * Ends the workers' tasks with an exception, so that Spark runs them again; does nothing if they were stopped
     * before.
     */
    void fail(String reason) {
        if (!stopped) {
            failure = reason;
            stop();
        }
    }

    /** Lets the workers' tasks end normally. */
    void stop() {
        stopped = true;
        seats.values().forEach(seat -> LockSupport.unpark(seat.thread()));
    }
}
