package dev.backdraft.train.plan;

/**
 * How long a step on executors takes at its best, without a measurement: the model of {@code docs/scaling.md}, with
 * processors that are slower and a network that is faster than most. So computing is overestimated, what travels is
 * underestimated, and executors that do not pay by this model do not pay in practice.
 *
 * <pre>
 *   compute = R c / workers,     c = 6 P / 40 GFLOP/s
 *   network = {@link StepTraffic#seconds}, B = 2.5 GB/s, L = 0.1 ms
 * </pre>
 *
 * @param parameters P
 * @param rows R of a step
 * @param lanes of a step, at most as many workers compute
 * @param slots of an executor
 * @param neighbors number of executors that the driver exchanges vectors with, if there are that many
 */
public record StepModel(long parameters, long rows, int lanes, int slots, int neighbors) {
    private static final double OPERATIONS = 6; // per row and parameter: forward, and backward twice
    private static final double OPERATIONS_PER_SECOND = 40e9; // of a core, with plain loops
    private static final double BYTES_PER_SECOND = 2.5e9; // in one direction
    private static final double LATENCY = 1e-4; // seconds

    /**
     * The model of a plan's step.
     *
     * @param plan of resident workers on executors
     */
    public static StepModel of(StepPlan plan) {
        long sent = plan.networkBytes() / (2L * Float.BYTES * plan.parameters()); // vectors, by the driver
        return new StepModel(
                plan.parameters(),
                (long) plan.lanes() * plan.leafRows(),
                plan.lanes(),
                (plan.slots() + plan.executors() - 1) / plan.executors(),
                sent < plan.executors() ? (int) sent : Integer.MAX_VALUE);
    }

    /** Seconds that the workers of these executors compute, at most. */
    public double computeSeconds(int executors) {
        return rows * rowSeconds() / Math.min((long) executors * slots, lanes);
    }

    private double rowSeconds() {
        return OPERATIONS * parameters / OPERATIONS_PER_SECOND;
    }

    /** Seconds that parameters and sums travel, at least. */
    public double networkSeconds(int executors) {
        double vector = (double) Float.BYTES * parameters;
        return new StepTraffic(executors, neighbors).seconds(vector, BYTES_PER_SECOND, LATENCY);
    }

    /** Seconds of a step without the update, which takes the same time for any number of executors. */
    public double seconds(int executors) {
        return computeSeconds(executors) + networkSeconds(executors);
    }

    /** The number of executors, at most this many, with which a step is shortest. */
    public int best(int most) {
        int best = 1;
        for (int executors = 2; executors <= most; executors++) {
            if (seconds(executors) < seconds(best)) {
                best = executors;
            }
        }
        return best;
    }

    /** The rows of a step with which all slots of these executors compute for as long as vectors travel. */
    public double balancedRows(int executors) {
        return networkSeconds(executors) * executors * slots / rowSeconds();
    }
}
