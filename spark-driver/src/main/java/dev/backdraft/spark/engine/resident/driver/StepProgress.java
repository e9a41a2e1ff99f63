package dev.backdraft.spark.engine.resident.driver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Kind;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The progress of one step, or of one measurement of the validation rows: the parts that nobody is working on, the
 * requests that are open, and the replies so far. Every part is missing, or in exactly one open request, or done. Not
 * thread-safe: it belongs to the {@link Coordinator}.
 */
final class StepProgress {
    private final Work work;
    private final int partCount;
    private final BitSet missing = new BitSet();
    private final Map<ExecutorHandle, Open> open = new HashMap<>(); // by the executor that the driver sent them to
    private final Map<Long, ExecutorHandle> executors = new HashMap<>(); // by request, forwarded ones included
    private final Set<ExecutorHandle> busy = new HashSet<>(); // all executors of open requests
    private final List<LaneSum> sums = new ArrayList<>();
    private final SortedMap<Integer, MetricSums> measured = new TreeMap<>();
    private long computeNanos;
    private long combineNanos;
    private long sendNanos;

    /**
     * A request without a reply.
     *
     * @param since nanoTime
     */
    private record Open(Request request, long since) {}

    StepProgress(Work work, BlockSet set) {
        this.work = work;
        partCount = set.parts();
        // lanes after the active ones have no rows in this step
        missing.set(0, work.kind() == Kind.GRADIENT ? set.partOfLane(work.activeLanes() - 1) + 1 : partCount);
    }

    Work work() {
        return work;
    }

    /** The number of parts of the data, requested or not. */
    int partCount() {
        return partCount;
    }

    /** Parts that nobody is working on; the set itself. */
    BitSet missing() {
        return missing;
    }

    boolean isComplete() {
        return open.isEmpty() && missing.isEmpty();
    }

    /** Whether no request has been made yet. */
    boolean isFirstRound() {
        return executors.isEmpty();
    }

    /** Requests are made to these executors. */
    void assigned(Map<ExecutorHandle, Request> requests) {
        requests.forEach((executor, request) -> executors.put(request.number(), executor));
        busy.addAll(requests.keySet());
    }

    /**
     * Requests are sent: those that were {@linkplain #assigned made}, or their trees.
     *
     * @return the requests by the executors that the driver sends them to
     */
    Map<ExecutorHandle, Request> opened(Collection<Request> requests) {
        Map<ExecutorHandle, Request> sent = new LinkedHashMap<>();
        for (Request request : requests) {
            ExecutorHandle executor = executors.get(request.number());
            open.put(executor, new Open(request, System.nanoTime()));
            sent.put(executor, request);
        }
        return sent;
    }

    int openCount() {
        return open.size();
    }

    boolean isBusy(ExecutorHandle executor) {
        return busy.contains(executor);
    }

    /** The requests that have been open for longer. */
    Map<ExecutorHandle, Request> openLongerThan(long nanos) {
        long now = System.nanoTime();
        Map<ExecutorHandle, Request> late = new LinkedHashMap<>();
        open.forEach((executor, each) -> {
            if (now - each.since() > nanos) {
                late.put(executor, each.request());
            }
        });
        return late;
    }

    /**
     * Gives up on requests: their parts are missing again, and replies to them will be dropped. Returns whether there
     * were any.
     */
    @CanIgnoreReturnValue
    boolean abandon(Predicate<Request> which) {
        boolean any = false;
        for (Open each : List.copyOf(open.values())) {
            if (which.test(each.request())) {
                close(each.request());
                missing.or(each.request().parts());
                any = true;
            }
        }
        return any;
    }

    /** Whether an executor works on a request, or on one that is forwarded with it. */
    boolean worksOn(ExecutorHandle executor, Request request) {
        return request.numbers().stream().anyMatch(number -> executors.get(number) == executor);
    }

    /** Adds a reply; drops it when the request is not open any more. */
    void add(ExecutorHandle executor, Reply reply) {
        Open answered = open.get(executor);
        if (answered == null || answered.request().number() != reply.request()) {
            return;
        }
        close(answered.request());
        sums.addAll(reply.sums());
        measured.putAll(reply.measured());
        computeNanos = Math.max(computeNanos, reply.computeNanos());
        combineNanos = Math.max(combineNanos, reply.combineNanos());
    }

    private void close(Request request) {
        open.remove(executors.get(request.number()));
        request.numbers().forEach(number -> busy.remove(executors.get(number)));
    }

    void addSendNanos(long nanos) {
        sendNanos += nanos;
    }

    List<LaneSum> sums() {
        return sums;
    }

    /** What was measured of validation blocks, in the order of the blocks. */
    SortedMap<Integer, MetricSums> measured() {
        return measured;
    }

    /** Time of the slowest worker. */
    long computeNanos() {
        return computeNanos;
    }

    /** Time that executors spent adding sums, on the slowest path. */
    long combineNanos() {
        return combineNanos;
    }

    /** Time that the driver spent sending requests. */
    long sendNanos() {
        return sendNanos;
    }
}
