package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * An {@link ElementwiseLoss} of yes-or-no questions. With one output it tells two classes apart; with K outputs each is a
 * question of its own, and a row is right when all its outputs are on the right side of the {@link #boundary}.
 */
public interface BinaryLoss extends ElementwiseLoss {
    /** Class 1 is predicted for outputs above it. */
    double boundary();

    @Override
    default boolean classifies() {
        return true;
    }

    @Override
    default int classCount(int outputSize) {
        return 2;
    }

    @Override
    default double correct(Matrix logits, Matrix target, float[] weights) {
        double boundary = boundary();
        double correct = 0;
        for (int n = 0; n < logits.columns(); n++) {
            boolean right = true;
            for (int k = 0; k < logits.rows(); k++) {
                right &= logits.get(k, n) > boundary == target.get(k, n) > 0.5f;
            }
            correct += right ? Loss.weight(weights, n) : 0;
        }
        return correct;
    }
}
