package dev.backdraft.examples;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.BinaryLoss;
import dev.backdraft.loss.OutputReduction;

/**
 * A loss of our own, whose stochastic descent is Rosenblatt's perceptron (1958): {@code l = max(0, −s z)} with s = +1 for class 1
 * and −1 for class 0. A row on the wrong side, s z ≤ 0, pulls with {@code dl/dz = −s}: with batches of one row and rate 1 that is
 * the rule w ← w + s x, b ← b + s. A row on the right side changes nothing.
 */
public record PerceptronLoss() implements BinaryLoss {
    @Override
    public String name() {
        return "perceptron";
    }

    @Override
    public OutputReduction reduction() {
        return OutputReduction.SUM;
    }

    @Override
    public double value(double z, double t) {
        return Math.max(0, -sign(t) * z);
    }

    @Override
    public double slope(double z, double t) {
        return sign(t) * z <= 0 ? -sign(t) : 0; // also at 0, where the descent starts
    }

    private static double sign(double t) {
        return t > 0 ? 1 : -1;
    }

    @Override
    public double boundary() {
        return 0;
    }

    /** 1 or 0: which side the row is on. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        for (int i = 0; i < logits.size(); i++) {
            prediction.values()[prediction.offset() + i] = logits.values()[logits.offset() + i] > 0 ? 1 : 0;
        }
    }
}
