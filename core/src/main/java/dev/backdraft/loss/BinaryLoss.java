package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * An {@link ElementwiseLoss} of yes-or-no questions. With one output it tells two classes apart; with K outputs each is a
 * question of its own, and a row is right when all its outputs are on the right side of the {@link #boundary}.
 */
public interface BinaryLoss extends ElementwiseLoss {
    /** Which numbers targets may be. */
    enum Answers {
        /** 0 for no and 1 for yes. */
        ZERO_OR_ONE,
        /** 0 and 1, or −1 for no and +1 for yes. */
        SIGNED,
        /** The probability of yes, from 0 to 1. */
        PROBABILITY;

        /** Whether this number may be a target. */
        public boolean accept(float target) {
            return target == 0
                    || target == 1
                    || (this == SIGNED && target == -1)
                    || (this == PROBABILITY && target > 0 && target < 1);
        }
    }

    /** Class 1 is predicted for outputs above it. */
    double boundary();

    /** Which numbers targets may be; 0 and 1 are always accepted. */
    default Answers answers() {
        return Answers.ZERO_OR_ONE;
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
