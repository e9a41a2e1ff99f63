package dev.backdraft.loss;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;

/**
 * Targets of K classes, the class index of each row [1 × n] or a distribution over the classes [K × n] (one-hot or
 * soft), and answers to K questions [K × n].
 *
 * <p>Label smoothing ε makes {@code t' = (1 − ε) t + ε / K} of them, with K = 2 for a question (Szegedy et al. 2016,
 * section 7).
 */
final class ClassTarget {
    private ClassTarget() {}

    static void checkSmoothing(double labelSmoothing) {
        Require.fraction("label smoothing", labelSmoothing);
    }

    /** t' of the answer to one question, in which no and yes are two classes. */
    static double smoothed(double t, double labelSmoothing) {
        return (1 - labelSmoothing) * t + labelSmoothing / 2;
    }

    /**
     * Checks targets against the outputs of a batch.
     *
     * @param name of the loss, for messages
     * @throws IllegalArgumentException when they have another shape, or an index is of no class
     */
    static void check(String name, Matrix outputs, Matrix target) {
        int classes = outputs.rows();
        if (target.rows() == 1) {
            for (int n = 0; n < outputs.columns(); n++) {
                float index = target.get(0, n);
                if (!(index >= 0 && index < classes && index == (int) index)) {
                    throw new IllegalArgumentException(name + ": class " + index + " in column " + n + ", but "
                            + classes + " outputs are classes 0 to " + (classes - 1));
                }
            }
        } else if (target.rows() != classes) {
            throw new IllegalArgumentException(name + ": targets " + target.shape()
                    + " are neither one class index a row nor a distribution over outputs " + outputs.shape());
        }
    }

    /** t'ₖ of row n. */
    static double share(Matrix target, int k, int n, double labelSmoothing, int classes) {
        double t = target.rows() == 1 ? (k == (int) target.get(0, n) ? 1 : 0) : target.get(k, n);
        return (1 - labelSmoothing) * t + labelSmoothing / classes;
    }

    /** Σₖ t'ₖ of row n: 1, up to rounding, for a distribution. */
    static double mass(Matrix target, int n, double labelSmoothing) {
        double sum = target.rows() == 1 ? 1 : 0;
        for (int k = 0; target.rows() > 1 && k < target.rows(); k++) {
            sum += target.get(k, n);
        }
        return (1 - labelSmoothing) * sum + labelSmoothing;
    }

    /** Σ wₙ over the rows whose largest output is the target's class. */
    static double correct(Matrix outputs, Matrix target, float[] weights) {
        double correct = 0;
        for (int n = 0; n < outputs.columns(); n++) {
            int expected = target.rows() == 1 ? (int) target.get(0, n) : target.largestRow(n);
            if (outputs.largestRow(n) == expected) {
                correct += Loss.weight(weights, n);
            }
        }
        return correct;
    }

    /**
     * Σ wₙ over the rows all of whose outputs are above the boundary where the answer is yes, and not above it where it
     * is no.
     */
    static double correctAnswers(Matrix outputs, double boundary, Matrix target, float[] weights) {
        double correct = 0;
        for (int n = 0; n < outputs.columns(); n++) {
            boolean right = true;
            for (int k = 0; k < outputs.rows(); k++) {
                right &= outputs.get(k, n) > boundary == target.get(k, n) > 0.5f;
            }
            correct += right ? Loss.weight(weights, n) : 0;
        }
        return correct;
    }
}
