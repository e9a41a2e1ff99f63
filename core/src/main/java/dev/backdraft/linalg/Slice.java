package dev.backdraft.linalg;

/** A view of a run of a {@code float[]}: the parameters, or the gradient, of one layer within the flat vector of all. */
public record Slice(float[] values, int offset, int length) {
    public Slice {
        if (offset < 0 || length < 0 || (long) offset + length > values.length) {
            throw new IllegalArgumentException(
                    String.format("%d values from %d do not fit an array of %d", length, offset, values.length));
        }
    }

    /** The matrix [rows × columns] that starts {@code from} values after the start of this slice; shares the array. */
    public Matrix matrix(int from, int rows, int columns) {
        return new Matrix(values, offset + from, rows, columns);
    }
}
