package dev.backdraft.metric;

import java.io.Serializable;
import java.util.Objects;

/**
 * The weights of rows by true and predicted class, K × K numbers; {@link #counts} has the scores. Mutable, not thread-safe.
 */
public final class ConfusionMatrix implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[][] weights; // [true][predicted]

    /** No rows yet, of this many classes. */
    public ConfusionMatrix(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("there must be at least 2 classes: " + classes);
        }
        weights = new double[classes][classes];
    }

    /** Adds a row. */
    public void add(int trueClass, int predictedClass, double weight) {
        Objects.checkIndex(trueClass, weights.length);
        Objects.checkIndex(predictedClass, weights.length);
        weights[trueClass][predictedClass] += weight;
    }

    /** Adds other rows of the same classes; {@code other} is read. */
    public void add(ConfusionMatrix other) {
        if (other.classes() != classes()) {
            throw new IllegalArgumentException(
                    "a matrix of " + other.classes() + " classes cannot be added to one of " + classes());
        }
        for (int i = 0; i < classes(); i++) {
            for (int j = 0; j < classes(); j++) {
                weights[i][j] += other.weights[i][j];
            }
        }
    }

    /** K. */
    public int classes() {
        return weights.length;
    }

    /** The weight of the rows of a class that are predicted to be of another, or of the same. */
    public double weight(int trueClass, int predictedClass) {
        return weights[trueClass][predictedClass];
    }

    /** What the scores are computed from: accuracy, precision, recall and so on. */
    public ClassCounts counts() {
        ClassCounts counts = new ClassCounts(classes());
        for (int i = 0; i < classes(); i++) {
            for (int j = 0; j < classes(); j++) {
                counts.add(i, j, weights[i][j]);
            }
        }
        return counts;
    }
}
