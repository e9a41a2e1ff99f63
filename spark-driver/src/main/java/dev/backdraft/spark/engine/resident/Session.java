package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.train.RangeTask;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.Validation;

/**
 * One resident job and all that belongs to it, from submission to the end of its tasks. A fit has one, and another
 * after a loss. Asked by one thread at a time.
 */
public interface Session {
    /**
     * The sum of a step's gradients.
     *
     * @return overwritten by the next
     * @throws SessionEndedException when the job is over
     */
    GradientSum gradient(int epoch, long step, float[] parameters) throws SessionEndedException, InterruptedException;

    /**
     * The measures of the validation rows.
     *
     * @throws SessionEndedException when the job is over
     */
    Validation measures(float[] parameters) throws SessionEndedException, InterruptedException;

    /** Does a task over ranges of [0, length) on all threads of this JVM that are idle between two questions. */
    void overRanges(int length, RangeTask task);

    /** What the steps took so far. */
    StepTimes times();

    /** Lets the tasks go, and waits until their slots are free. Cancels the job when that takes long. */
    void close();

    /** Ends the job without waiting for its tasks. */
    void cancel();
}
