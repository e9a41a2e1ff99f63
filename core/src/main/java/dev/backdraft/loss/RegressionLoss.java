package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/** An {@link ElementwiseLoss} of predicted values: the label is a number, and the output is the prediction. */
public interface RegressionLoss extends ElementwiseLoss {
    /** {@link Target#VALUE}. A loss whose labels must not be standardized says {@link Target#COUNT} instead. */
    @Override
    default Target target() {
        return Target.VALUE;
    }

    /** The outputs as they are. */
    @Override
    default void predict(Matrix logits, Matrix prediction) {
        Link.identity(logits, prediction);
    }
}
