package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * An {@link ElementwiseLoss} of yes-or-no questions. With one output it tells two classes apart; with K outputs each is a
 * question of its own, and a row is right when all its outputs are on the right side of the {@link #boundary}.
 */
public interface BinaryLoss extends ElementwiseLoss {
    /** Class 1 is predicted for outputs above it. */
    double boundary();

    /** {@link Target#YES_OR_NO}, or another target that {@linkplain Target#asksQuestions asks questions}. */
    @Override
    default Target target() {
        return Target.YES_OR_NO;
    }

    /** The probability of class 1 that {@link #predict} makes of an output, in double where there is a formula. */
    default double probabilityOfYes(double z) {
        Matrix one = new Matrix(new float[] {(float) z}, 0, 1, 1);
        predict(one, one);
        return one.get(0, 0);
    }

    /** The probability of class 0, which is not lost where that of class 1 rounds to 1. */
    default double probabilityOfNo(double z) {
        return 1 - probabilityOfYes(z);
    }

    @Override
    default double correct(Matrix logits, Matrix target, float[] weights) {
        return ClassTarget.correctAnswers(logits, boundary(), target, weights);
    }
}
