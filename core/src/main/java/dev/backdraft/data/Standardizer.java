package dev.backdraft.data;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shifts and scales columns: {@code (x − mean) / deviation}, computed in double and rounded once to float. Immutable.
 *
 * <p>Rows hold floats. A column whose deviation is small beside its mean would lose its differences when it becomes floats. Such a
 * column is <em>centered in double</em>: the mean is subtracted from the double, {@link #center}, and only the difference becomes a
 * float, which {@link #apply} then just divides. {@link #invert} leaves off the mean of such a column, {@link #offset} gives it.
 */
public final class Standardizer implements Serializable {
    private static final long serialVersionUID = 2;

    private final double[] mean;
    private final double[] deviation;
    private final int[] centered; // columns that are centered in double, ascending
    private final double[] shift; // that apply subtracts: the mean, or 0 of a column that is centered before

    /** One value a column in both arrays, which are copied; every deviation finite and positive. No column is centered in double. */
    public Standardizer(double[] mean, double[] deviation) {
        this(mean, deviation, new int[0]);
    }

    /**
     * One value a column in the first two arrays; every deviation finite and positive. All arrays are copied.
     *
     * @param centered columns that are centered in double, ascending
     */
    public Standardizer(double[] mean, double[] deviation, int[] centered) {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException(mean.length + " means but " + deviation.length + " deviations");
        }
        for (int i = 0; i < mean.length; i++) {
            if (!Double.isFinite(mean[i]) || !(deviation[i] > 0) || !Double.isFinite(deviation[i])) {
                throw new IllegalArgumentException(
                        "column " + i + ": mean " + mean[i] + ", deviation " + deviation[i] + " cannot standardize");
            }
        }
        this.mean = mean.clone();
        this.deviation = deviation.clone();
        this.centered = centered.clone();
        shift = centered.length == 0 ? this.mean : mean.clone(); // one array, which is sent once
        for (int i = 0; i < centered.length; i++) {
            if (centered[i] < 0 || centered[i] >= mean.length || (i > 0 && centered[i] <= centered[i - 1])) {
                throw new IllegalArgumentException("columns that are centered in double must ascend from 0 to "
                        + (mean.length - 1) + ", but column " + centered[i] + " is number " + i + " of them");
            }
            shift[centered[i]] = 0;
        }
    }

    /** One that leaves some columns as they are, and standardizes the others as this one does. */
    public Standardizer without(List<Integer> columns) {
        double[] means = mean.clone();
        double[] deviations = deviation.clone();
        for (int column : columns) {
            means[column] = 0;
            deviations[column] = 1;
        }
        int[] stillCentered = IntStream.of(centered)
                .filter(column -> !columns.contains(column))
                .toArray();
        return new Standardizer(means, deviations, stillCentered);
    }

    /** Whether another one scales as many columns, each by the same numbers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Standardizer one
                && Arrays.equals(mean, one.mean)
                && Arrays.equals(deviation, one.deviation)
                && Arrays.equals(centered, one.centered);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
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

    /** The columns that are centered in double, ascending; a copy. */
    public int[] centered() {
        return centered.clone();
    }

    /** Whether any column is centered in double. */
    public boolean centersAny() {
        return centered.length > 0;
    }

    /** Standardizes one row in place, {@code values[from … from + columns)}, that has been {@linkplain #center centered}. */
    public void apply(float[] values, int from) {
        for (int i = 0; i < mean.length; i++) {
            values[from + i] = apply(i, values[from + i]);
        }
    }

    /** The standardized value of a column, of one that has been {@linkplain #center centered}. */
    public float apply(int column, float value) {
        return (float) ((value - shift[column]) / deviation[column]);
    }

    /** The float that stands for a value: its distance from the mean if the column is centered in double. */
    public float center(int column, double value) {
        double offset = offset(column);
        return offset == 0 ? (float) value : (float) (value - offset) + 0f; // −0 becomes 0
    }

    /** Centers one row of floats in place: {@code values[from … from + columns)}. */
    public void center(float[] values, int from) {
        for (int column : centered) {
            values[from + column] = center(column, values[from + column]);
        }
    }

    /** Overwrites the columns that are centered in double in {@code out[from … from + columns)}. */
    public void center(double[] values, int valuesFrom, float[] out, int from) {
        for (int column : centered) {
            out[from + column] = center(column, values[valuesFrom + column]);
        }
    }

    /** Overwrites the columns that are centered in double in {@code out[from … from + columns)}. */
    public void center(Example row, float[] out, int from) {
        for (int column : centered) {
            out[from + column] = center(column, row.value(column));
        }
    }

    /**
     * The row as {@link #apply} takes it, all of it floats. In a sparse row, what is missing of a column that is centered in double
     * becomes an entry, as it is not 0 any more.
     */
    public Example center(Example row) {
        if (centered.length == 0) {
            return row.rounded();
        }
        if (!row.isSparse()) {
            float[] values = row.values().clone();
            center(row, values, 0);
            return row.withFeatures(null, values);
        }
        int[] old = row.indices();
        int[] indices = new int[old.length + centered.length];
        float[] values = new float[indices.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < old.length || j < centered.length) {
            boolean here = j < centered.length && (i == old.length || centered[j] <= old[i]);
            boolean present = i < old.length && (!here || old[i] == centered[j]);
            int column = here ? centered[j++] : old[i];
            indices[count] = column;
            values[count++] = here ? center(column, row.value(column)) : row.values()[i];
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

    /** Undoes {@link #apply} of a value, without rounding it. */
    double invert(int column, double value) {
        return shift[column] + deviation[column] * value;
    }

    /** Undoes {@link #apply} of rows, one a column, in place; rows may have only the first columns. */
    public void invert(Matrix values) {
        int count = values.rows();
        for (int n = 0; n < values.columns(); n++) {
            int from = values.offset() + n * count;
            for (int i = 0; i < count; i++) {
                values.values()[from + i] = (float) (shift[i] + deviation[i] * values.values()[from + i]);
            }
        }
    }

    /** What is to be added to a column after {@link #invert}: the mean if the column is centered in double, else 0. */
    public double offset(int column) {
        return mean[column] - shift[column];
    }
}
