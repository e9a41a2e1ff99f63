package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Errors r = p − t of predicted values p against true values t, in one or more columns. Averages over columns are uniform. Mutable,
 * not thread-safe.
 *
 * <p>Variances are taken by updating means (West 1979) and merged as Chan, Golub and LeVeque 1979 do, so that values far from 0 lose
 * nothing, as they would in Σ t² − (Σ t)² / n.
 */
public final class ValueErrors implements Serializable {
    private static final long serialVersionUID = 1;

    private double weight;
    private double largest; // |r|
    private final double[] squares; // Σ w r²
    private final double[] absolutes; // Σ w |r|
    private final double[] errorMean;
    private final double[] errorSpread; // Σ w (r − mean r)²
    private final double[] targetMean;
    private final double[] targetSpread; // Σ w (t − mean t)²

    /** No rows yet, with this many columns. */
    public ValueErrors(int columns) {
        if (columns < 1) {
            throw new IllegalArgumentException("there must be at least one column: " + columns);
        }
        squares = new double[columns];
        absolutes = new double[columns];
        errorMean = new double[columns];
        errorSpread = new double[columns];
        targetMean = new double[columns];
        targetSpread = new double[columns];
    }

    /** Number of columns. */
    public int columns() {
        return squares.length;
    }

    /**
     * Adds a row of one column; one of weight 0 is no row.
     *
     * @throws IllegalStateException when there are more columns
     */
    public void add(double predicted, double actual, double w) {
        if (columns() != 1) {
            throw new IllegalStateException("a row has " + columns() + " columns, not one");
        }
        if (w != 0) {
            weight += w;
            add(0, predicted, actual, w);
        }
    }

    /**
     * Adds a row; one of weight 0 is no row.
     *
     * @param predicted [columns × n]; read
     * @param actual [columns × n]; read
     * @param row a column of both
     */
    public void add(Matrix predicted, Matrix actual, int row, double w) {
        if (w != 0) {
            weight += w;
            for (int k = 0; k < columns(); k++) {
                add(k, predicted.get(k, row), actual.get(k, row), w);
            }
        }
    }

    private void add(int column, double predicted, double actual, double w) {
        double r = predicted - actual;
        largest = Math.max(largest, Math.abs(r));
        squares[column] += w * r * r;
        absolutes[column] += w * Math.abs(r);
        double share = w / weight;
        double fromErrorMean = r - errorMean[column];
        errorMean[column] += fromErrorMean * share;
        errorSpread[column] += w * fromErrorMean * (r - errorMean[column]);
        double fromTargetMean = actual - targetMean[column];
        targetMean[column] += fromTargetMean * share;
        targetSpread[column] += w * fromTargetMean * (actual - targetMean[column]);
    }

    /** Adds other rows with as many columns; {@code other} is read. */
    public void add(ValueErrors other) {
        if (other.columns() != columns()) {
            throw new IllegalArgumentException(
                    "errors of " + other.columns() + " columns cannot be added to those of " + columns());
        }
        if (other.weight == 0) {
            return;
        }
        double share = other.weight / (weight + other.weight);
        for (int k = 0; k < columns(); k++) {
            squares[k] += other.squares[k];
            absolutes[k] += other.absolutes[k];
            double apart = other.errorMean[k] - errorMean[k];
            errorMean[k] += apart * share;
            errorSpread[k] += other.errorSpread[k] + apart * apart * weight * share;
            double targetsApart = other.targetMean[k] - targetMean[k];
            targetMean[k] += targetsApart * share;
            targetSpread[k] += other.targetSpread[k] + targetsApart * targetsApart * weight * share;
        }
        weight += other.weight;
        largest = Math.max(largest, other.largest);
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return Double.BYTES * (2 + 6L * columns());
    }

    void write(ByteBuffer out) {
        out.putDouble(weight).putDouble(largest);
        Numbers.write(out, squares, absolutes, errorMean, errorSpread, targetMean, targetSpread);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        weight = in.getDouble();
        largest = in.getDouble();
        Numbers.read(in, squares, absolutes, errorMean, errorSpread, targetMean, targetSpread);
    }

    /** Mean squared error over rows and columns; NaN of nothing. */
    public double meanSquaredError() {
        return mean(squares) / weight;
    }

    /** Mean squared error of a column; NaN of nothing. */
    public double meanSquaredError(int column) {
        return squares[column] / weight;
    }

    /** The root of the mean squared error over rows and columns; NaN of nothing. */
    public double rootMeanSquaredError() {
        return Math.sqrt(meanSquaredError());
    }

    /** Mean absolute error over rows and columns; NaN of nothing. */
    public double meanAbsoluteError() {
        return mean(absolutes) / weight;
    }

    /** Mean of predicted minus true over rows and columns; NaN of nothing. */
    public double meanBiasError() {
        return weight == 0 ? Double.NaN : mean(errorMean);
    }

    /** The largest |r| of all rows and columns; NaN of nothing. */
    public double maxError() {
        return weight == 0 ? Double.NaN : largest;
    }

    /**
     * R² of a column, {@code 1 − Σ (p − t)² / Σ (t − mean t)²}: 1 is perfect, 0 no better than the mean, and worse may be below 0.
     * Where all t are equal it is 1 when all predictions are right and else 0, as in scikit-learn. NaN of nothing.
     */
    public double r2(int column) {
        return oneLess(squares[column], targetSpread[column]);
    }

    /** The mean R² of the columns. */
    public double r2() {
        double sum = 0;
        for (int k = 0; k < columns(); k++) {
            sum += r2(k);
        }
        return sum / columns();
    }

    /**
     * The mean over columns of the explained variance, {@code 1 − Var r / Var t}: R² that forgives a bias. Where all t are equal it is
     * 1 when all r are equal too and else 0. NaN of nothing.
     */
    public double explainedVariance() {
        double sum = 0;
        for (int k = 0; k < columns(); k++) {
            sum += oneLess(errorSpread[k], targetSpread[k]);
        }
        return sum / columns();
    }

    private double oneLess(double unexplained, double all) {
        if (weight == 0) {
            return Double.NaN;
        }
        return all == 0 ? (unexplained == 0 ? 1 : 0) : 1 - unexplained / all;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
