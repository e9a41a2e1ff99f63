package dev.backdraft.spark.engine.resident;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.RangeTask;

/**
 * One long Spark job and everything that belongs to it, from its submission to the end of its tasks. A fit has one at a
 * time; when it fails, another. For one thread at a time.
 */
public interface Session {
    /**
     * Computes the sum of the gradients of a step.
     *
     * @return overwritten by the next call
     * @throws SessionEndedException when the job is over
     */
    GradientSum gradient(int epoch, long step, float[] parameters) throws SessionEndedException, InterruptedException;

    /**
     * Measures the validation rows.
     *
     * @throws SessionEndedException when the job is over
     */
    MetricSums measures(float[] parameters) throws SessionEndedException, InterruptedException;

    /** Runs a task over ranges of [0, length) on all threads of this JVM that are idle between two steps. */
    void overRanges(int length, RangeTask task);

    /** Whether tasks of the job are running, and so occupy slots. */
    boolean tasksRun();

    /** The times of all steps so far. */
    StepTimes times();

    /** Ends the tasks and waits until their slots are free. Cancels the job when that takes long. */
    void close();

    /** Ends the job without waiting for its tasks. */
    void cancel();
}
