package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;

/** How well predicted quantiles fit the labels of rows, in the label's own unit. Mutable, not thread-safe. */
public final class QuantileErrors implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] levels;
    private double weight;
    private double loss;
    private double within;

    /** No rows yet. */
    QuantileErrors(double[] levels) {
        this.levels = levels.clone();
    }

    static double[] levels(List<Double> levels) {
        return levels.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * Adds a row; one of weight 0 is no row.
     *
     * @param quantiles [levels × n]; read
     * @param actual [1 × n]; read
     * @param row a column of both
     */
    void add(Matrix quantiles, Matrix actual, int row, double w) {
        if (w == 0) {
            return;
        }
        double t = actual.get(0, row);
        double sum = 0;
        for (int k = 0; k < levels.length; k++) {
            double r = t - quantiles.get(k, row);
            sum += Math.max(levels[k] * r, (levels[k] - 1) * r);
        }
        weight += w;
        loss += w * sum / levels.length;
        boolean above = levels.length == 1 || t >= quantiles.get(0, row);
        within += above && t <= quantiles.get(levels.length - 1, row) ? w : 0;
    }

    /** Adds other rows with the same levels; {@code other} is read. */
    void add(QuantileErrors other) {
        weight += other.weight;
        loss += other.loss;
        within += other.within;
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return Double.BYTES * (3L + levels.length);
    }

    void write(ByteBuffer out) {
        Numbers.write(out, levels);
        out.putDouble(weight).putDouble(loss).putDouble(within);
    }

    /** Overwrites all numbers with those that others of as many levels wrote. */
    void read(ByteBuffer in) {
        Numbers.read(in, levels);
        weight = in.getDouble();
        loss = in.getDouble();
        within = in.getDouble();
    }

    /** The mean pinball loss over rows and quantiles; NaN of nothing. */
    public double pinballLoss() {
        return loss / weight;
    }

    /**
     * The share of labels from the lowest to the highest quantile, of a single quantile the share up to it; NaN of
     * nothing.
     */
    public double coverage() {
        return within / weight;
    }

    /** The {@link #coverage}, less what it is to be, which is the difference of the levels; NaN of nothing. */
    public double coverageError() {
        double lowest = levels.length == 1 ? 0 : levels[0];
        return coverage() - (levels[levels.length - 1] - lowest);
    }
}
