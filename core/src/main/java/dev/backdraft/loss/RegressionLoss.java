package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/** An {@link ElementwiseLoss} of predicted values: no classes, and the output is the prediction. */
public interface RegressionLoss extends ElementwiseLoss {
    @Override
    default boolean classifies() {
        return false;
    }

    @Override
    default int classCount(int outputSize) {
        return 0;
    }

    @Override
    default double correct(Matrix logits, Matrix target, float[] weights) {
        return 0;
    }

    /** The outputs as they are. */
    @Override
    default void predict(Matrix logits, Matrix prediction) {
        Link.identity(logits, prediction);
    }
}
