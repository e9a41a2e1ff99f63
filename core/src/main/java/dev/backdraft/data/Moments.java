package dev.backdraft.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Counts rows and sums values and squares of each of some columns, exactly, so that mean and deviation come out the same for
 * every order and partitioning of the rows. Mutable, not thread-safe.
 */
public final class Moments implements Serializable {
    private static final long serialVersionUID = 1;
    private static final MathContext DIGITS = new MathContext(60);

    private final ExactSum[] sums;
    private final ExactSum[] squares;
    private long rows;

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

    /** Adds a row; a sparse row's missing features are zeros. */
    public void add(Example row) {
        float[] values = row.values();
        int[] indices = row.indices();
        for (int i = 0; i < values.length; i++) {
            add(indices == null ? i : indices[i], values[i]);
        }
        rows++;
    }

    /** Adds a row of one column. */
    public void add(float value) {
        add(0, value);
        rows++;
    }

    /** Adds a row of all columns; read. */
    public void add(float[] values) {
        for (int i = 0; i < values.length; i++) {
            add(i, values[i]);
        }
        rows++;
    }

    private void add(int column, float value) {
        sums[column].add(value);
        squares[column].add((double) value * value);
    }

    /** Adds the sums of other rows. */
    public void add(Moments other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i].add(other.sums[i]);
            squares[i].add(other.squares[i]);
        }
        rows += other.rows;
    }

    /** Σx/N and √(Σ(x − mean)²/N), the population deviation, each rounded once. The deviation of a constant column is 1. */
    public Standardizer standardizer() {
        double[] mean = new double[sums.length];
        double[] deviation = new double[sums.length];
        BigDecimal n = BigDecimal.valueOf(Math.max(rows, 1));
        for (int i = 0; i < sums.length; i++) {
            BigDecimal sum = sums[i].value();
            BigDecimal centred = squares[i].value().multiply(n).subtract(sum.multiply(sum)); // N² variance, exact
            mean[i] = sum.divide(n, DIGITS).doubleValue();
            deviation[i] = centred.signum() == 0
                    ? 1
                    : centred.sqrt(DIGITS).divide(n, DIGITS).doubleValue();
        }
        return new Standardizer(mean, deviation);
    }
}
