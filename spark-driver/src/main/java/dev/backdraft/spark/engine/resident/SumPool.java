package dev.backdraft.spark.engine.resident;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Sums that answers are received into, used again for every step. Those never given back are left to the collector. Thread-safe. */
final class SumPool {
    private final int length;

    @GuardedBy("this")
    private final Deque<GradientSum> free = new ArrayDeque<>();

    /** @param length of the vectors */
    SumPool(int length) {
        this.length = length;
    }

    int length() {
        return length;
    }

    /** A sum with any content. */
    synchronized GradientSum take() {
        return free.isEmpty() ? new GradientSum(length) : free.pop();
    }

    /** Takes sums back that nobody uses any more. */
    synchronized void giveBack(List<LaneSum> nodes) {
        nodes.forEach(node -> free.push(node.sum()));
    }

    synchronized void giveBack(GradientSum sum) {
        free.push(sum);
    }
}
