package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * From a network's raw outputs to predictions: the (inverse) links of generalised linear models. In every method the logits
 * [outputs × n] are read, the predictions [outputs × n] overwritten, and both may be the same array.
 */
final class Link {
    private Link() {}

    static void identity(Matrix logits, Matrix prediction) {
        if (logits.values() != prediction.values() || logits.offset() != prediction.offset()) {
            System.arraycopy(logits.values(), logits.offset(), prediction.values(), prediction.offset(), logits.size());
        }
    }

    /** {@code p = exp z}, entry by entry. */
    static void exp(Matrix logits, Matrix prediction) {
        for (int i = 0; i < logits.size(); i++) {
            prediction.values()[prediction.offset() + i] =
                    (float) Exponential.exp(logits.values()[logits.offset() + i]);
        }
    }

    /** {@code p = sigmoid z}, entry by entry. */
    static void sigmoid(Matrix logits, Matrix prediction) {
        for (int i = 0; i < logits.size(); i++) {
            prediction.values()[prediction.offset() + i] =
                    (float) Exponential.sigmoid(logits.values()[logits.offset() + i]);
        }
    }

    /** The sigmoid of one logit in double; those of z and −z add up to 1. */
    static double sigmoid(double z) {
        return z > 0 ? 1 - Exponential.sigmoid(-z) : Exponential.sigmoid(z);
    }

    /** {@code p = softmax z}, column by column. */
    static void softmax(Matrix logits, Matrix prediction) {
        int classes = logits.rows();
        float[] z = logits.values();
        float[] p = prediction.values();
        for (int n = 0; n < logits.columns(); n++) {
            int at = logits.offset() + n * classes;
            int pAt = prediction.offset() + n * classes;
            double max = max(z, at, classes);
            double total = 0;
            for (int k = 0; k < classes; k++) {
                total += Exponential.exp(z[at + k] - max);
            }
            for (int k = 0; k < classes; k++) {
                p[pAt + k] = (float) (Exponential.exp(z[at + k] - max) / total);
            }
        }
    }

    /** {@code log Σₖ exp zₖ} of count values from z[at]; exact for values of any size, as the largest is subtracted first. */
    static double logSumExp(float[] z, int at, int count) {
        double max = max(z, at, count);
        double total = 0;
        for (int i = at; i < at + count; i++) {
            total += Exponential.exp(z[i] - max);
        }
        return max + StrictMath.log(total);
    }

    static double max(float[] values, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, values[i]); // NaN stays NaN, so that a diverged step is seen
        }
        return max;
    }
}
