package dev.backdraft.linalg;

import java.util.Locale;

/**
 * A view of a part of a {@code float[]} as a column-major matrix without gaps: entry (i, j) is {@code values[offset + i + j *
 * rows]}. The array belongs to whoever made it; a matrix never copies it.
 */
public record Matrix(float[] values, int offset, int rows, int columns) implements Columns {
    public Matrix {
        if (rows < 0 || columns < 0 || offset < 0 || (long) offset + (long) rows * columns > values.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "[%d x %d] from %d does not fit an array of %d",
                    rows,
                    columns,
                    offset,
                    values.length));
        }
    }

    /** A new matrix of zeros. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(new float[Math.multiplyExact(rows, columns)], 0, rows, columns);
    }

    /** The first {@code count} columns; shares the array. */
    public Matrix firstColumns(int count) {
        return count == columns ? this : new Matrix(values, offset, rows, count);
    }

    /** Number of entries. */
    public int size() {
        return rows * columns;
    }

    public float get(int row, int column) {
        return values[offset + row + column * rows];
    }

    public void set(int row, int column, float value) {
        values[offset + row + column * rows] = value;
    }

    /** The row of the largest entry of a column, the first of equal ones. */
    public int largestRow(int column) {
        int largest = 0;
        for (int row = 1; row < rows; row++) {
            if (get(row, column) > get(largest, column)) {
                largest = row;
            }
        }
        return largest;
    }
}
