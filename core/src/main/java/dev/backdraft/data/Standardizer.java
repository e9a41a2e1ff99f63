package dev.backdraft.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Shifts and scales columns: {@code (x − mean) / deviation}, computed in double and rounded once to float. Immutable.
 *
 * <p>Rows hold floats. A column whose deviation is small beside its mean would lose its differences when it becomes floats. Such a
 * column is <em>centred in double</em>: the mean is subtracted from the double, {@link #centre}, and only the difference becomes a
 * float, which {@link #apply} then just divides. {@link #invert} leaves off the mean of such a column, {@link #offset} gives it.
 */
public final class Standardizer implements Serializable {
    private static final long serialVersionUID = 2;

    private final double[] mean;
    private final double[] deviation;
    private final int[] centred; // columns that are centred in double, ascending
    private final double[] shift; // that apply subtracts: the mean, or 0 of a column that is centred before

    /** One value a column in both arrays, which are copied; every deviation finite and positive. No column is centred in double. */
    public Standardizer(double[] mean, double[] deviation) {
        this(mean, deviation, new int[0]);
    }

    /**
     * One value a column in the first two arrays; every deviation finite and positive. All arrays are copied.
     *
     * @param centred columns that are centred in double, ascending
     */
    public Standardizer(double[] mean, double[] deviation, int[] centred) {
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
        this.centred = centred.clone();
        shift = centred.length == 0 ? this.mean : mean.clone(); // one array, which is sent once
        for (int i = 0; i < centred.length; i++) {
            if (centred[i] < 0 || centred[i] >= mean.length || (i > 0 && centred[i] <= centred[i - 1])) {
                throw new IllegalArgumentException("columns that are centred in double must ascend from 0 to "
                        + (mean.length - 1) + ", but column " + centred[i] + " is number " + i + " of them");
            }
            shift[centred[i]] = 0;
        }
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

    /** The columns that are centred in double, ascending; a copy. */
    public int[] centred() {
        return centred.clone();
    }

    /** Whether any column is centred in double. */
    public boolean centresAny() {
        return centred.length > 0;
    }

    /** Standardises one row in place, {@code values[from … from + columns)}, that has been {@linkplain #centre centred}. */
    public void apply(float[] values, int from) {
        for (int i = 0; i < mean.length; i++) {
            values[from + i] = apply(i, values[from + i]);
        }
    }

    /** The standardised value of a column, of one that has been {@linkplain #centre centred}. */
    public float apply(int column, float value) {
        return (float) ((value - shift[column]) / deviation[column]);
    }

    /** The float that stands for a value: its distance from the mean if the column is centred in double. */
    public float centre(int column, double value) {
        double offset = offset(column);
        return offset == 0 ? (float) value : (float) (value - offset) + 0f; // −0 becomes 0
    }

    /** Centres one row of floats in place: {@code values[from … from + columns)}. */
    public void centre(float[] values, int from) {
        for (int column : centred) {
            values[from + column] = centre(column, values[from + column]);
        }
    }

    /** Overwrites the columns that are centred in double in {@code out[from … from + columns)}. */
    public void centre(double[] values, int valuesFrom, float[] out, int from) {
        for (int column : centred) {
            out[from + column] = centre(column, values[valuesFrom + column]);
        }
    }

    /** Overwrites the columns that are centred in double in {@code out[from … from + columns)}. */
    public void centre(Example row, float[] out, int from) {
        for (int column : centred) {
            out[from + column] = centre(column, row.value(column));
        }
    }

    /**
     * The row as {@link #apply} takes it, all of it floats. In a sparse row, what is missing of a column that is centred in double
     * becomes an entry, as it is not 0 any more.
     */
    public Example centre(Example row) {
        if (centred.length == 0) {
            return row.rounded();
        }
        if (!row.isSparse()) {
            float[] values = row.values().clone();
            centre(row, values, 0);
            return row.withFeatures(null, values);
        }
        int[] old = row.indices();
        int[] indices = new int[old.length + centred.length];
        float[] values = new float[indices.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < old.length || j < centred.length) {
            boolean here = j < centred.length && (i == old.length || centred[j] <= old[i]);
            boolean present = i < old.length && (!here || old[i] == centred[j]);
            int column = here ? centred[j++] : old[i];
            indices[count] = column;
            values[count++] = here ? centre(column, row.value(column)) : row.values()[i];
            i += present ? 1 : 0;
        }
        return row.withFeatures(Arrays.copyOf(indices, count), Arrays.copyOf(values, count));
    }

    /** Undoes {@link #apply} of one row, in place: {@code values[from … from + columns)}. */
    public void invert(float[] values, int from) {
        for (int i = 0; i < mean.length; i++) {
            values[from + i] = (float) (shift[i] + deviation[i] * values[from + i]);
        }
    }

    /** What is to be added to a column after {@link #invert}: the mean if the column is centred in double, else 0. */
    public double offset(int column) {
        return mean[column] - shift[column];
    }
}
