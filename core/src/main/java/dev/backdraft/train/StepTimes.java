package dev.backdraft.train;

import dev.backdraft.train.engine.GradientSource;

/**
 * Where the time of steps went, as the thread that trains sees it, and what went over the network. The four times of a step are
 * disjoint and add up to the time that {@link GradientSource#gradient} took; those of several steps add.
 *
 * @param steps gradients that were computed
 * @param computeNanos forward and backward passes: of a step the slowest worker's
 * @param combineNanos adding of partial sums, on the way to the driver and there
 * @param publishNanos handing out of the parameters
 * @param waitNanos the rest: the network, the waking of threads, workers that start or are lost
 * @param bytesSent by the driver, parameters mostly; 0 when all is in one JVM
 * @param bytesReceived by the driver, sums mostly
 */
public record StepTimes(
        long steps,
        long computeNanos,
        long combineNanos,
        long publishNanos,
        long waitNanos,
        long bytesSent,
        long bytesReceived) {
    /** No steps. */
    public static final StepTimes NONE = new StepTimes(0, 0, 0, 0, 0, 0, 0);

    /** These steps and others. */
    public StepTimes plus(StepTimes other) {
        return new StepTimes(
                steps + other.steps,
                computeNanos + other.computeNanos,
                combineNanos + other.combineNanos,
                publishNanos + other.publishNanos,
                waitNanos + other.waitNanos,
                bytesSent + other.bytesSent,
                bytesReceived + other.bytesReceived);
    }

    /** These steps without the first ones: the times since {@code earlier} was asked for. */
    public StepTimes minus(StepTimes earlier) {
        return new StepTimes(
                steps - earlier.steps,
                computeNanos - earlier.computeNanos,
                combineNanos - earlier.combineNanos,
                publishNanos - earlier.publishNanos,
                waitNanos - earlier.waitNanos,
                bytesSent - earlier.bytesSent,
                bytesReceived - earlier.bytesReceived);
    }
}
