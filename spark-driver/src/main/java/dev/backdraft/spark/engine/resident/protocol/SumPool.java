package dev.backdraft.spark.engine.resident.protocol;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Sums into which replies are received, reused for every step. Sums that nobody gives back are garbage collected.
 * Thread-safe.
 */
public final class SumPool {
    private final int length;

    @GuardedBy("this")
    private final Deque<GradientSum> free = new ArrayDeque<>();

    /** @param length of the vectors */
    public SumPool(int length) {
        this.length = length;
    }

    public int length() {
        return length;
    }

    /** A sum with arbitrary content. */
    public synchronized GradientSum take() {
        return free.isEmpty() ? new GradientSum(length) : free.pop();
    }

    /** Takes back sums that are no longer in use. */
    public synchronized void giveBack(List<LaneSum> nodes) {
        nodes.forEach(node -> free.push(node.sum()));
    }

    public synchronized void giveBack(GradientSum sum) {
        free.push(sum);
    }
}
