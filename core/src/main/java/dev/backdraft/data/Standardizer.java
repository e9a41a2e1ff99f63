package dev.backdraft.data;

import java.io.Serializable;

/**
 * Shifts and scales columns: {@code (x − mean) / deviation}, computed in double and rounded once to float. Immutable.
 */
public final class Standardizer implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] mean;
    private final double[] deviation;

    /** One value a column in both arrays, which are copied; every deviation finite and positive. */
    public Standardizer(double[] mean, double[] deviation) {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException(mean.length + " means but " + deviation.length + " deviations");
        }
        for (int i = 0; i < mean.length; i++) {
            if (!Double.isFinite(mean[i]) || !(deviation[i] > 0) || !Double.isFinite(deviation[i])) {
                throw new IllegalArgumentException(
                        "column " + i + ": mean " + mean[i] + ", deviation " + deviation[i] + " cannot standardise");
            }
        }
        this.mean = mean.clone();
        this.deviation = deviation.clone();
    }

    public int columns() {
        return mean.length;
    }

    /** A copy of the means. */
    public double[] mean() {
        return mean.clone();
    }

    /** A copy of the deviations. */
    public double[] deviation() {
        return deviation.clone();
    }

    /** Standardises one row in place: {@code values[from … from + columns)}. */
    public void apply(float[] values, int from) {
        for (int i = 0; i < mean.length; i++) {
            values[from + i] = apply(i, values[from + i]);
        }
    }

    /** The standardised value of a column. */
    public float apply(int column, float value) {
        return (float) ((value - mean[column]) / deviation[column]);
    }

    /** Undoes {@link #apply} of one row, in place: {@code values[from … from + columns)}. */
    public void invert(float[] values, int from) {
        for (int i = 0; i < mean.length; i++) {
            values[from + i] = (float) invert(i, values[from + i]);
        }
    }

    /** The value before {@link #apply}: {@code mean + deviation · value}. */
    public double invert(int column, double value) {
        return mean[column] + deviation[column] * value;
    }
}
