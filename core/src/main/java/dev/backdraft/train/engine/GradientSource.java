package dev.backdraft.train.engine;

import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.StepTimes;
import java.util.List;

/**
 * Where the gradient of a step comes from: threads of this JVM, or a cluster. Every source gives the same bits for the same
 * data and configuration. Used by one thread.
 */
public interface GradientSource extends AutoCloseable {
    /**
     * Returns the gradient summed over the rows of a step.
     *
     * @param epoch counted from 1
     * @param step within the epoch, counted from 0
     * @param parameters read
     * @return valid until the next call; the caller may change it, as {@link GradientSum#gradient} says
     */
    GradientSum gradient(int epoch, long step, float[] parameters);

    /**
     * Returns what is measured of the validation rows; null when there are none.
     *
     * @param parameters read
     */
    MetricSums validate(float[] parameters);

    /** The metrics that {@link #validate} gathers sums for, besides the loss. */
    List<Metric> metrics();

    /**
     * Runs a task over ranges that make up [0, length), on the threads that are idle between gradients; returns when all are
     * done. The result must not depend on how the range is split, which differs between machines.
     */
    default void overRanges(int length, RangeTask task) {
        task.run(0, length);
    }

    /** Where the time of all steps so far went; null when that is not measured. */
    default StepTimes times() {
        return null;
    }

    /** Ends threads and frees cached data. */
    @Override
    void close();
}
