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
}
