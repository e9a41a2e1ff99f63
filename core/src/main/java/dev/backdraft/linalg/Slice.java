package dev.backdraft.linalg;

import java.util.Arrays;
import java.util.Locale;

/**
 * A view of a run of a {@code float[]}: the parameters, or the gradient, of one layer within the flat vector of all.
 */
public final class Slice {
    private final float[] values;
    private final int offset;
    private final int length;

    /** @param values shared */
    public Slice(float[] values, int offset, int length) {
        if (offset < 0 || length < 0 || (long) offset + length > values.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%d values from %d do not fit an array of %d", length, offset, values.length));
        }
        this.values = values;
        this.offset = offset;
        this.length = length;
    }

    /** The whole array, shared. */
    public float[] values() {
        return values;
    }

    /** Where the run starts in the array. */
    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Overwrites the run with zeros. */
    public void clear() {
        Arrays.fill(values, offset, offset + length, 0);
    }

    /** Divides {@code count} values from one on, in double, rounded once. */
    public void divide(int from, int count, double divisor) {
        Matrix run = matrix(from, count, 1);
        for (int i = run.offset(); i < run.offset() + count; i++) {
            values[i] = (float) (values[i] / divisor);
        }
    }

    /**
     * The matrix [rows × columns] that starts {@code from} values after the start of this slice; shares the array.
     *
     * @throws IllegalArgumentException when it does not lie within the slice
     */
    public Matrix matrix(int from, int rows, int columns) {
        if (from < 0 || rows < 0 || columns < 0 || from + (long) rows * columns > length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "[%d x %d] from %d does not fit a slice of %d", rows, columns, from, length));
        }
        return new Matrix(values, offset + from, rows, columns);
    }
}
