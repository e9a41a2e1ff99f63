package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The weights of rows by the rank of their true class among the predicted probabilities: rank 0 is the most probable, and of equal
 * ones the first class comes first. Gives the top-k accuracy for all k. Mutable, not thread-safe.
 */
public final class ClassRanks implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] weights;

    /** No rows yet, of this many classes. */
    public ClassRanks(int classes) {
        weights = new double[classes];
    }

    /**
     * Adds a row.
     *
     * @param probability [classes × n]; read
     * @param column of the row
     */
    public void add(Matrix probability, int column, int trueClass, double weight) {
        float own = probability.get(trueClass, column);
        int rank = 0;
        for (int k = 0; k < probability.rows(); k++) {
            float other = probability.get(k, column);
            if (other > own || (other == own && k < trueClass)) {
                rank++;
            }
        }
        weights[rank] += weight;
    }

    /** Adds other rows of the same classes; {@code other} is read. */
    public void add(ClassRanks other) {
        if (other.weights.length != weights.length) {
            throw new IllegalArgumentException(
                    "ranks of " + other.weights.length + " classes cannot be added to those of " + weights.length);
        }
        for (int rank = 0; rank < weights.length; rank++) {
            weights[rank] += other.weights[rank];
        }
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return (long) Double.BYTES * weights.length;
    }

    void write(ByteBuffer out) {
        Numbers.write(out, weights);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        Numbers.read(in, weights);
    }

    /** The share of rows whose true class is among the k most probable; NaN of nothing. */
    public double topAccuracy(int k) {
        double hits = 0;
        double all = 0;
        for (int rank = 0; rank < weights.length; rank++) {
            hits += rank < k ? weights[rank] : 0;
            all += weights[rank];
        }
        return hits / all;
    }
}
