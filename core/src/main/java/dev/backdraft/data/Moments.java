package dev.backdraft.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Sums weights w of rows, and w x and w x² of each of some columns, exactly, so that mean and deviation come out the same for
 * every order and partitioning of the rows. A row of weight 2 counts like two rows. Mutable, not thread-safe.
 */
public final class Moments implements Serializable {
    private static final long serialVersionUID = 2;
    private static final MathContext DIGITS = new MathContext(60);
    private static final long FIRST_24_BITS = -1L << 29; // of a double's 53

    private final ExactSum weights = new ExactSum();
    private final ExactSum[] sums;
    private final ExactSum[] squares;

    public Moments(int columns) {
        sums = new ExactSum[columns];
        squares = new ExactSum[columns];
        for (int i = 0; i < columns; i++) {
            sums[i] = new ExactSum();
            squares[i] = new ExactSum();
        }
    }

    /** Number of columns. */
    public int columns() {
        return sums.length;
    }

    /** Adds a row by its weight; a sparse row's missing features are zeros. */
    public void add(Example row) {
        float[] values = row.values();
        int[] indices = row.indices();
        for (int i = 0; i < values.length; i++) {
            add(indices == null ? i : indices[i], values[i], row.weight());
        }
        weights.add(row.weight());
    }

    /** Adds a row of one column and weight 1. */
    public void add(float value) {
        add(value, 1);
    }

    /** Adds a row of one column. */
    public void add(float value, float weight) {
        add(0, value, weight);
        weights.add(weight);
    }

    /** Adds a row of all columns; read. */
    public void add(float[] values, float weight) {
        for (int i = 0; i < values.length; i++) {
            add(i, values[i], weight);
        }
        weights.add(weight);
    }

    private void add(int column, float value, float weight) {
        double square = (double) value * value;
        if (weight == 1) {
            sums[column].add(value);
            squares[column].add(square);
            return;
        }
        sums[column].add((double) weight * value);
        double high = Double.longBitsToDouble(Double.doubleToRawLongBits(square) & FIRST_24_BITS);
        squares[column].add(weight * high); // 24 bits by 24, as the rest: no rounding
        squares[column].add(weight * (square - high));
    }

    /** Adds the sums of other rows. */
    public void add(Moments other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i].add(other.sums[i]);
            squares[i].add(other.squares[i]);
        }
        weights.add(other.weights);
    }

    /** Σwx/Σw and √(Σw(x − mean)²/Σw), the population deviation, each rounded once. The deviation of a constant column is 1. */
    public Standardizer standardizer() {
        double[] mean = new double[sums.length];
        double[] deviation = new double[sums.length];
        BigDecimal weight = weights.value();
        BigDecimal n = weight.signum() == 0 ? BigDecimal.ONE : weight;
        for (int i = 0; i < sums.length; i++) {
            BigDecimal sum = sums[i].value();
            BigDecimal centred = squares[i].value().multiply(n).subtract(sum.multiply(sum)); // (Σw)² variance, exact
            mean[i] = sum.divide(n, DIGITS).doubleValue();
            deviation[i] = centred.signum() == 0
                    ? 1
                    : centred.sqrt(DIGITS).divide(n, DIGITS).doubleValue();
        }
        return new Standardizer(mean, deviation);
    }
}
