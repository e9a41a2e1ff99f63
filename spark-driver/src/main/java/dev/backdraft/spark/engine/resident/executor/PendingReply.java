package dev.backdraft.spark.engine.resident.executor;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Kind;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request in progress, and the reply to it so far. First, this executor's workers {@link #compute} their assignments,
 * each on its own thread; the last one to finish adds the sums of all ({@link #ofWorkers}). Then the result is
 * {@linkplain #add added} to the replies of the executors that requests were forwarded to. When all have come, {@link
 * #combined} is the reply.
 *
 * <p>Workers need no lock: each writes to its own place before it counts down. All other state belongs to the {@link
 * WorkerGroup}, which guards it with its monitor.
 */
final class PendingReply {
    private final Request request;
    private final Link requester;

    // by assignment, each written by one thread before it counts down
    private final List<List<LaneSum>> sumsOf = new ArrayList<>();
    private final List<Map<Integer, MetricSums>> measuredOf = new ArrayList<>();
    private final long[] nanosOf;
    private final AtomicInteger unfinished;

    // of the endpoint
    private final Set<Long> awaited = new HashSet<>(); // numbers of requests whose replies have not come, own included
    private final Map<Long, Link> forwarded = new HashMap<>(); // connections, by the numbers of forwarded requests
    private final List<LaneSum> sums = new ArrayList<>();
    private final Map<Integer, MetricSums> measured = new HashMap<>();
    private final List<GradientSum> received = new ArrayList<>();
    private long computeNanos;
    private long combineNanos;
    private boolean allForwarded;
    private volatile boolean sent;

    /** @param requester where the reply goes */
    PendingReply(Request request, Link requester) {
        this.request = request;
        this.requester = requester;
        int count = request.assignments().size();
        unfinished = new AtomicInteger(count);
        nanosOf = new long[count];
        for (int i = 0; i < count; i++) {
            sumsOf.add(List.of());
            measuredOf.add(Map.of());
        }
        awaited.add(request.number());
        request.forwards().forEach(forward -> awaited.add(forward.number()));
        allForwarded = request.forwards().isEmpty();
    }

    Request request() {
        return request;
    }

    Link requester() {
        return requester;
    }

    /** The assignment of a worker; null when it has none. */
    Assignment assignment(Worker worker) {
        for (Assignment assignment : request.assignments()) {
            if (assignment.worker() == worker.index() && assignment.attempt() == worker.attempt()) {
                return assignment;
            }
        }
        return null;
    }

    /** Computes the assignment of a worker. Returns true when it was the last one. */
    boolean compute(Assignment assignment, Worker worker) {
        int i = request.assignments().indexOf(assignment);
        long start = System.nanoTime();
        if (request.work().kind() == Kind.GRADIENT) {
            sumsOf.set(i, worker.gradient(this, assignment.parts()));
        } else {
            measuredOf.set(i, worker.measures(request.work(), assignment.parts()));
        }
        nanosOf[i] = System.nanoTime() - start;
        return unfinished.decrementAndGet() == 0;
    }

    /**
     * The result of this executor's workers, with siblings added; for the thread that has finished the last assignment.
     */
    Reply ofWorkers() {
        List<LaneSum> nodes = new ArrayList<>();
        sumsOf.forEach(nodes::addAll);
        Map<Integer, MetricSums> blocks = new HashMap<>();
        measuredOf.forEach(blocks::putAll);
        long slowest = 0;
        for (long nanos : nanosOf) {
            slowest = Math.max(slowest, nanos);
        }
        long start = System.nanoTime();
        List<LaneSum> combined = nanosOf.length < 2 ? nodes : combine(nodes);
        return new Reply(request.number(), combined, blocks, slowest, System.nanoTime() - start);
    }

    private List<LaneSum> combine(List<LaneSum> nodes) {
        return GradientTree.combine(request.work().activeLanes(), nodes);
    }

    /** A request is about to be forwarded on this connection. */
    void forwarded(long number, Link link) {
        forwarded.put(number, link);
    }

    /** The parameters have been forwarded to all, or never will be. */
    void endForwarding() {
        allForwarded = true;
    }

    /** Whether nobody reads the parameters any more. */
    boolean isDoneWithParameters() {
        return allForwarded && unfinished.get() == 0;
    }

    /** Whether a reply is still to come on this connection. */
    boolean awaits(Link link) {
        return forwarded.entrySet().stream()
                .anyMatch(entry -> entry.getValue() == link && awaited.contains(entry.getKey()));
    }

    /** Whether the reply to the request of this number is still to come. */
    boolean awaits(long number) {
        return awaited.contains(number);
    }

    /** Adds a reply. Returns false, and adds nothing, when it is not awaited. */
    boolean add(Reply reply) {
        if (!awaited.remove(reply.request())) {
            return false;
        }
        sums.addAll(reply.sums());
        measured.putAll(reply.measured());
        if (reply.request() != request.number()) {
            reply.sums().forEach(node -> received.add(node.sum()));
        }
        computeNanos = Math.max(computeNanos, reply.computeNanos());
        combineNanos = Math.max(combineNanos, reply.combineNanos());
        return true;
    }

    /** The reply has been sent: nobody needs the workers' sums any more. */
    void sent() {
        sent = true;
    }

    /** Whether workers may overwrite the sums that they have given to this reply. */
    boolean isSent() {
        return sent;
    }

    boolean isComplete() {
        return awaited.isEmpty();
    }

    /** The complete reply. */
    Reply combined() {
        long start = System.nanoTime();
        List<LaneSum> nodes = request.forwards().isEmpty() ? sums : combine(sums);
        return new Reply(request.number(), nodes, measured, computeNanos, combineNanos + System.nanoTime() - start);
    }

    /** Sums that came over the network, which are not needed once the reply has been sent. */
    List<GradientSum> received() {
        return received;
    }
}
