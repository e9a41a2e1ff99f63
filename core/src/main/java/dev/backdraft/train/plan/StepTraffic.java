package dev.backdraft.train.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What travels in a step, in vectors of P float32 numbers: V = 4 P bytes each. The driver exchanges vectors with F of E
 * executors, and these with others, in trees of depth d.
 *
 * <pre>
 *   seconds = vectors V / B + 2 (d + 1) L    with B bytes per second in each direction of a card, and a latency of L
 *   vectors = 2 F + d (d + 3) / 2            when E = F 2ᵈ, and less when some trees are smaller than others
 * </pre>
 *
 * These vectors travel one after another on the longest path. The driver's card sends F vectors and receives as many.
 * An executor forwards parameters when it has received all of them, to all executors below it at once: in the largest
 * tree, to d others, the last of which has them after d + (d − 1) + … + 1 vectors. Sums come back over d levels.
 *
 * @param executors E, at least 1
 * @param neighbors F, at least 1; more than E are E: the driver talks to all
 */
public record StepTraffic(int executors, int neighbors) {
    public StepTraffic {
        if (executors < 1 || neighbors < 1) {
            throw new IllegalArgumentException(
                    "executors and neighbors are at least 1, not " + executors + " and " + neighbors);
        }
        neighbors = Math.min(neighbors, executors);
    }

    /** The numbers of executors in the trees whose roots the driver talks to: those of {@code GradientTree.divide}. */
    List<Integer> trees() {
        if (neighbors == executors) {
            return Collections.nCopies(executors, 1);
        }
        List<Integer> trees = new ArrayList<>();
        divide(executors, neighbors, trees);
        return trees;
    }

    private static void divide(int count, int most, List<Integer> trees) {
        if (most == 1 || count == 1) {
            trees.add(count);
            return;
        }
        int half = half(count);
        divide(half, most - most / 2, trees);
        divide(count - half, most / 2, trees);
    }

    /** The executors of a tree's first half. */
    private static int half(int count) {
        return Integer.highestOneBit(count - 1);
    }

    /** d, the number of times that parameters are forwarded on their way to the last executor. */
    public int depth() {
        int largest = trees().stream().mapToInt(Integer::intValue).max().orElseThrow();
        return Integer.SIZE - Integer.numberOfLeadingZeros(largest - 1);
    }

    /** The number of vectors that travel one after another. */
    public int vectors() {
        return exchange(trees());
    }

    /**
     * The time from sending parameters to the roots of trees, to all of them at once, until all of their sums have
     * come, one after another. In vectors, as if computing took no time.
     */
    private static int exchange(List<Integer> trees) {
        int[] complete = trees.stream()
                .mapToInt(count -> trees.size() + exchange(below(count)))
                .sorted()
                .toArray();
        int received = 0;
        for (int time : complete) {
            received = Math.max(received, time) + 1;
        }
        return received;
    }

    /** The trees that the root of a tree forwards to. */
    private static List<Integer> below(int count) {
        List<Integer> trees = new ArrayList<>();
        for (int left = count; left > 1; left = half(left)) {
            trees.add(left - half(left));
        }
        return trees;
    }

    /**
     * Seconds that a step spends on the network.
     *
     * @param vectorBytes V
     * @param bytesPerSecond B
     * @param latency L, seconds
     */
    public double seconds(double vectorBytes, double bytesPerSecond, double latency) {
        return vectors() * vectorBytes / bytesPerSecond + 2 * (depth() + 1) * latency;
    }
}
