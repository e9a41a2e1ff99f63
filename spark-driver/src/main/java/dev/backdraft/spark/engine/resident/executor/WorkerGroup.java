package dev.backdraft.spark.engine.resident.executor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/**
 * The workers of one session in one JVM. Each is a Spark task, whose thread stays in {@link #serve} until the session
 * is over. They share the parameters, and the last one to finish its assignment of a request adds the result of all to
 * the reply.
 *
 * <p>Only the newest request counts. Others, and replies to them, are dropped; a worker that is still computing an
 * older one takes up the newest when it is done. Thread-safe: requests and replies arrive on several threads, so this
 * object's monitor guards the reply in progress.
 */
final class WorkerGroup implements Relay.Outcome {
    private static final long PARK_NANOS =
            TimeUnit.MILLISECONDS.toNanos(100); // after which a worker checks whether Spark has killed its task

    /** Is told what happens in the group, on any thread. */
    interface Listener {
        void joined(Worker worker);

        /** The worker's task ends, possibly with an exception. */
        void left(Worker worker);

        /** The reply to the newest request is complete: sends it. */
        void completed(PendingReply reply);

        /** The newest request will not be answered, because another executor does not do its part of it. */
        void broken(long request);

        /** A worker has finished with a request that is not the newest one any more. */
        void outdated(long request);
    }

    private final Listener listener;
    private final ConcurrentMap<Long, Thread> threads = new ConcurrentHashMap<>(); // of workers, by attempt
    private volatile PendingReply newest; // written by threads that have the monitor

    @GuardedBy("this")
    private float[] spare; // an array for parameters that nobody reads

    private volatile boolean stopped;
    private volatile String failure; // why the tasks must fail; null when they end normally

    WorkerGroup(Listener listener) {
        this.listener = listener;
    }

    /** Computes requests until the group is stopped or the task is killed. */
    void serve(Worker worker, TaskContext context) {
        threads.put(worker.attempt(), Thread.currentThread());
        try {
            listener.joined(worker);
            PendingReply last = null;
            for (PendingReply next = next(null, context); next != null; next = next(last, context)) {
                Assignment assignment = next.assignment(worker);
                if (assignment != null) {
                    boolean all = next.compute(assignment, worker);
                    computed(next, all ? next.ofWorkers() : null);
                }
                last = next;
            }
        } finally {
            threads.remove(worker.attempt());
            listener.left(worker);
        }
    }

    /** Waits for another request than {@code last}; null when there will be none. */
    private PendingReply next(PendingReply last, TaskContext context) {
        while (!stopped && !context.isInterrupted()) {
            PendingReply next = newest;
            if (next != last) {
                return next;
            }
            LockSupport.parkNanos(this, PARK_NANOS);
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return null;
    }

    /** An array for the parameters of the next request; its content is arbitrary. */
    synchronized float[] takeParameters(int length) {
        float[] taken = spare;
        spare = null;
        return taken == null ? new float[length] : taken;
    }

    /** Takes back an array that nobody reads. */
    synchronized void giveBack(float[] parameters) {
        spare = parameters;
    }

    /** Has the workers compute a request. Returns false when a newer one has come before it. */
    synchronized boolean begin(PendingReply pending) {
        Request request = pending.request();
        if (newest != null) {
            if (request.number() < newest.request().number()) {
                spare = request.work().parameters();
                return false;
            }
            if (newest.isDoneWithParameters()) {
                spare = newest.request().work().parameters();
            }
        }
        newest = pending;
        for (Assignment assignment : request.assignments()) {
            LockSupport.unpark(threads.get(assignment.attempt())); // null when its task has ended: does nothing
        }
        return true;
    }

    /**
     * A worker has finished its assignment of a request.
     *
     * @param ofWorkers the result of all workers; null when others have not finished
     */
    synchronized void computed(PendingReply of, Reply ofWorkers) {
        if (of != newest) { // nobody waits for the result, but the driver may take the worker for late
            listener.outdated(of.request().number());
        } else if (ofWorkers != null && of.add(ofWorkers)) {
            tellIfComplete();
        }
    }

    /** Adds the reply of another executor to a forwarded request. Returns false when nobody waits for it. */
    synchronized boolean add(Reply reply) {
        if (newest == null || !newest.add(reply)) {
            return false;
        }
        tellIfComplete();
        return true;
    }

    private void tellIfComplete() {
        if (newest.isComplete()) {
            listener.completed(newest);
        }
    }

    /** A connection to another executor is lost. */
    synchronized void lost(Link link) {
        if (newest != null && newest.awaits(link)) {
            listener.broken(newest.request().number());
        }
    }

    /** The reply to a forwarded request could not be read. */
    synchronized void missedReply(long request) {
        if (newest != null && newest.awaits(request)) {
            listener.broken(newest.request().number());
        }
    }

    @Override
    public synchronized void forwarding(PendingReply of, long number, Link to) {
        of.forwarded(number, to);
    }

    @Override
    public synchronized void forwarded(PendingReply of, boolean well) {
        of.endForwarding();
        if (!well && of == newest) {
            listener.broken(of.request().number());
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
        threads.values().forEach(LockSupport::unpark);
    }
}
