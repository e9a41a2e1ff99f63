package dev.backdraft.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.stream.IntStream;

/**
 * Sums weights w of rows, and w x and w x² of each of some columns, exactly, so that mean and deviation come out the same for
 * every order and partitioning of the rows. A row of weight 2 counts like two rows. Mutable, not thread-safe.
 */
public final class Moments implements Serializable {
    private static final long serialVersionUID = 3;
    private static final long FIRST_24_BITS = -1L << 29; // of a double's 53

    /** A deviation below this share of the mean takes more than 12 of a float's 24 bits. */
    private static final double NARROW = 0x1p-12;

    private final ExactSum weights = new ExactSum();
    private final ExactSum[] sums;
    private final ExactSum[] squares;
    private boolean[] rounded; // columns of which a value is not exact; null: none

    private transient double[] means; // of the rows so far; null until they are asked for
    private transient double[] deviations;

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

    /** Adds a row's floats by its weight; a sparse row's missing features are zeros. */
    public void add(Example row) {
        float[] values = row.values();
        int[] indices = row.indices();
        double[] doubles = row.doubles();
        for (int i = 0; i < values.length; i++) {
            int column = indices == null ? i : indices[i];
            add(column, values[i], row.weight());
            if (doubles != null && doubles[i] != values[i]) {
                markRounded(column);
            }
        }
        addWeight(row.weight());
    }

    /** Adds a row of one column and weight 1. */
    public void add(float value) {
        add(value, 1);
    }

    /** Adds a row of one column. */
    public void add(float value, float weight) {
        add(0, value, weight);
        addWeight(weight);
    }

    /** Adds a row of all columns; read. */
    public void add(float[] values, float weight) {
        for (int i = 0; i < values.length; i++) {
            add(i, values[i], weight);
        }
        addWeight(weight);
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

    /** Adds a value of a column, all 53 bits of it; the row's weight is added by {@link #addWeight}. */
    public void add(int column, double value, float weight) {
        sums[column].addProduct(weight, value);
        double square = value * value;
        squares[column].addProduct(weight, square);
        squares[column].addProduct(weight, Math.fma(value, value, -square));
    }

    /** Adds the weight of a row whose values are added one by one. */
    public void addWeight(float weight) {
        weights.add(weight);
        means = null;
    }

    /** Says that a value of this column was rounded to float. */
    void markRounded(int column) {
        if (rounded == null) {
            rounded = new boolean[sums.length];
        }
        rounded[column] = true;
    }

    /** Adds the sums of other rows. */
    public void add(Moments other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i].add(other.sums[i]);
            squares[i].add(other.squares[i]);
            if (other.rounded != null && other.rounded[i]) {
                markRounded(i);
            }
        }
        weights.add(other.weights);
        means = null;
    }

    /** Σwx/Σw and √(Σw(x − mean)²/Σw), the population deviation, each rounded once. The deviation of a constant column is 1. */
    public Standardizer standardizer() {
        find();
        double[] scales = new double[deviations.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = deviations[i] == 0 ? 1 : deviations[i];
        }
        return new Standardizer(means, scales);
    }

    /** Finds means, and deviations that are 0 for constant columns, once for the rows so far. */
    private void find() {
        if (means != null) {
            return;
        }
        BigInteger weight = weights.units();
        BigInteger n = weight.signum() == 0 ? BigInteger.ONE : weight;
        means = new double[sums.length];
        deviations = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            BigInteger sum = sums[i].units();
            BigInteger variance = squares[i].units().multiply(n).subtract(sum.multiply(sum)); // times (Σw)², exact
            means[i] = Quotients.of(sum, n);
            deviations[i] = variance.signum() <= 0 ? 0 : Quotients.ofRoot(variance, n);
        }
    }

    /** Whether all values of a column are the same. */
    boolean isConstant(int column) {
        find();
        return deviations[column] == 0;
    }

    /**
     * The columns that floats may serve badly, ascending: a value was rounded, and the deviation is so small beside the mean that
     * differences between rows are lost. They are to be {@linkplain Standardizer centered in double}.
     */
    int[] narrowColumns() {
        if (rounded == null) {
            return new int[0];
        }
        find();
        return IntStream.range(0, sums.length)
                .filter(i -> rounded[i] && deviations[i] < Math.abs(means[i]) * NARROW)
                .toArray();
    }

    /** What Java serialization sends instead: the digits that are not zero. */
    private Object writeReplace() {
        return new Written(this);
    }

    private static final class Written implements Serializable {
        private static final long serialVersionUID = 1;

        private final int columns;
        private final byte[] sums;
        private final boolean[] rounded;

        Written(Moments moments) {
            columns = moments.columns();
            rounded = moments.rounded;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            try {
                moments.weights.write(out);
                for (int i = 0; i < columns; i++) {
                    moments.sums[i].write(out);
                    moments.squares[i].write(out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // of memory
            }
            sums = bytes.toByteArray();
        }

        private Object readResolve() {
            Moments moments = new Moments(columns);
            moments.rounded = rounded;
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(sums));
            try {
                moments.weights.read(in);
                for (int i = 0; i < columns; i++) {
                    moments.sums[i].read(in);
                    moments.squares[i].read(in);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // of memory
            }
            return moments;
        }
    }
}
