package dev.backdraft.spark.engine.resident.driver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.protocol.MeasuredBlock;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request.Kind;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Map<ExecutorHandle, OpenRequest> open =
            new HashMap<>(); // by the executor that the driver sent them to
    private final Set<ExecutorHandle> busy = new HashSet<>(); // all executors of open requests
    private boolean requested;
    private final List<LaneSum> sums = new ArrayList<>();
    private final List<MeasuredBlock> measured = new ArrayList<>();
    private long computeNanos;
    private long combineNanos;
    private long sendNanos;

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
        return !requested;
    }

    void opened(OpenRequest request) {
        requested = true;
        open.put(request.executor(), request);
        busy.addAll(request.executors());
    }

    int openCount() {
        return open.size();
    }

    boolean isBusy(ExecutorHandle executor) {
        return busy.contains(executor);
    }

    /** The requests that have been open for longer. */
    List<OpenRequest> openLongerThan(long nanos) {
        long now = System.nanoTime();
        return open.values().stream()
                .filter(request -> now - request.since() > nanos)
                .toList();
    }

    /**
     * Gives up on requests: their parts are missing again, and replies to them will be dropped. Returns whether there
     * were any.
     */
    @CanIgnoreReturnValue
    boolean abandon(Predicate<OpenRequest> which) {
        boolean any = false;
        for (OpenRequest request : List.copyOf(open.values())) {
            if (which.test(request)) {
                close(request);
                missing.or(request.request().parts());
                any = true;
            }
        }
        return any;
    }

    /** Adds a reply; drops it when the request is not open any more. */
    void replied(ExecutorHandle executor, Reply reply) {
        OpenRequest request = open.get(executor);
        if (request == null || request.request().number() != reply.request()) {
            return;
        }
        close(request);
        sums.addAll(reply.sums());
        measured.addAll(reply.measured());
        computeNanos = Math.max(computeNanos, reply.computeNanos());
        combineNanos = Math.max(combineNanos, reply.combineNanos());
    }

    private void close(OpenRequest request) {
        open.remove(request.executor());
        request.executors().forEach(busy::remove);
    }

    void addSendNanos(long nanos) {
        sendNanos += nanos;
    }

    List<LaneSum> sums() {
        return sums;
    }

    List<MeasuredBlock> measured() {
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
