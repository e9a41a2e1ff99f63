package dev.backdraft.spark.cli;

import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.train.EpochResult;

/** One form of showing a training; by default each method shows nothing. */
interface EpochDisplay {
    /**
     * The training starts.
     *
     * @param rateChanges whether the learning rate is not the same in all steps
     */
    default void started(boolean rateChanges) {}

    /** Shows the result of an epoch and the time that is left, for a person. */
    default void epoch(EpochResult result, String left) {}

    /** Shows how much of an epoch is done, from 0 to 1. */
    default void step(int epoch, double done) {}

    /** Removes what is shown of an epoch that has not ended. */
    default void clear() {}

    /** Shows a sentence. */
    default void note(String text) {}

    /** Shows the evaluation on the test rows. */
    default void test(Evaluation evaluation) {}

    /** Shows where the model is, and the hash of its weights. */
    default void model(String path, String weightsSha256) {}
}
