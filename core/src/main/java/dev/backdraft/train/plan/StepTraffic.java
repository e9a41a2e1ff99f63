package dev.backdraft.train.plan;

/**
 * What travels in a step, in vectors of P float32 numbers: V = 4 P bytes each. The driver exchanges vectors with F
 * executors, and these with others, in trees of depth d.
 *
 * <pre>
 *   d       = ⌈log₂ (E / F)⌉
 *   vectors = 2 F + d (d + 3) / 2            one after another, on the longest path
 *   seconds = vectors V / B + 2 (d + 1) L    with B bytes per second in each direction of a network card, and a latency of L
 * </pre>
 *
 * The driver's card sends F vectors and receives as many. An executor forwards parameters when it has received all of
 * them, to d others at once, so the last of them has them after d + (d − 1) + … + 1 vectors. Sums come back over d
 * levels. By then the sums of the others have arrived.
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

    /** d, the number of times that parameters are forwarded on their way to the last executor. */
    public int depth() {
        int largest = (executors + neighbors - 1) / neighbors; // of the trees, or a little less
        return Integer.SIZE - Integer.numberOfLeadingZeros(largest - 1);
    }

    /** The number of vectors that travel one after another. */
    public double vectors() {
        return 2 * neighbors + depth() * (depth() + 3) / 2.0;
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
