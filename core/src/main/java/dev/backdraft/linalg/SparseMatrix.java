package dev.backdraft.linalg;

import java.util.Arrays;

/**
 * A matrix most of whose entries are zero, column by column: of each column the entries that are stored, in ascending
 * order of their rows. Scratch that is filled again and again, for one thread; it grows as needed and then allocates
 * nothing.
 */
public final class SparseMatrix implements Columns {
    private final int rows;
    private int columns;
    private int[] starts = new int[1]; // of each column, and the end of the last
    private int[] indices = {}; // the row of each stored entry
    private float[] values = {};

    /** A matrix with this many rows and no columns. */
    public SparseMatrix(int rows) {
        this.rows = rows;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** Number of stored entries. */
    public int stored() {
        return starts[columns];
    }

    /** The row of a stored entry, which are counted through all columns. */
    public int row(int entry) {
        return indices[entry];
    }

    /** Removes all columns. */
    public void clear() {
        columns = 0;
    }

    /**
     * Appends a column; its entries are copied.
     *
     * @param newIndices rows of its entries, ascending and below {@link #rows}; read
     * @param newValues read
     * @param from the first entry
     * @param to after the last entry
     */
    public void addColumn(int[] newIndices, float[] newValues, int from, int to) {
        int at = starts[columns];
        int end = at + to - from;
        if (end > values.length) {
            int size = Math.max(end, values.length + values.length / 2);
            indices = Arrays.copyOf(indices, size);
            values = Arrays.copyOf(values, size);
        }
        System.arraycopy(newIndices, from, indices, at, to - from);
        System.arraycopy(newValues, from, values, at, to - from);
        columns++;
        if (columns == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[columns] = end;
    }

    /** Overwrites a dense matrix of the same shape with this one. */
    public void copyTo(Matrix to) {
        if (to.rows() != rows || to.columns() != columns) {
            throw new IllegalArgumentException(shape() + " does not fit " + to.shape());
        }
        float[] dense = to.values();
        Arrays.fill(dense, to.offset(), to.offset() + to.size(), 0);
        for (int j = 0; j < columns; j++) {
            int at = to.offset() + j * rows;
            for (int e = starts[j]; e < starts[j + 1]; e++) {
                dense[at + indices[e]] = values[e];
            }
        }
    }

    /** {@code C += A S} for this S: for each stored entry, its multiple of a column of A. */
    void multiply(Matrix a, Matrix c) {
        int height = a.rows();
        for (int j = 0; j < columns; j++) {
            int to = c.offset() + j * height;
            for (int e = starts[j]; e < starts[j + 1]; e++) {
                addMultiple(height, values[e], a.values(), a.offset() + indices[e] * height, c.values(), to);
            }
        }
    }

    /** {@code C += A S'} for this S: for each stored entry, its multiple of a column of A. */
    void multiplyTransposed(Matrix a, Matrix c) {
        int height = a.rows();
        for (int j = 0; j < columns; j++) {
            int from = a.offset() + j * height;
            for (int e = starts[j]; e < starts[j + 1]; e++) {
                addMultiple(height, values[e], a.values(), from, c.values(), c.offset() + indices[e] * height);
            }
        }
    }

    private static void addMultiple(int count, float factor, float[] from, int fromAt, float[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + i] = FusedMultiplyAdd.of(from[fromAt + i], factor, to[at + i]);
        }
    }
}
