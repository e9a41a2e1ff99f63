package dev.backdraft.tensor;

import java.util.Arrays;

/**
 * The columns of one matrix within a flat vector that may hold something else than zeros; entries before and after the
 * matrix always may. A batch of sparse rows gives a gradient to few columns of a wide matrix, and going over these
 * alone takes a small part of the time. To go over the touched entries of [from, to):
 *
 * <pre>{@code
 * for (int start = touched.start(from); start < to; ) {
 *     int end = Math.min(to, touched.end(start));
 *     ... // the entries [start, end)
 *     start = touched.start(end);
 * }
 * }</pre>
 *
 * <p>Mutable, not thread-safe; several threads may read at once.
 */
public final class TouchedColumns {
    private final int offset; // of the matrix in the vector
    private final int height;
    private final int end;
    private final long[] bits; // one for each column
    private int[] touched = new int[64];
    private int count;

    /** None of the columns of a matrix [height × columns] that starts at {@code offset}. */
    public TouchedColumns(int offset, int height, int columns) {
        this.offset = offset;
        this.height = height;
        end = offset + height * columns;
        bits = new long[(columns + Long.SIZE - 1) / Long.SIZE];
    }

    /** None of the columns of the same matrix. */
    public TouchedColumns none() {
        return new TouchedColumns(offset, height, (end - offset) / height);
    }

    /** Whether it is about the matrix [height × columns] that starts at this offset. */
    public boolean isOf(int ofOffset, int ofHeight, int columns) {
        return offset == ofOffset && height == ofHeight && end == ofOffset + ofHeight * columns;
    }

    /** Whether both are columns of the same matrix. */
    public boolean isSameMatrix(TouchedColumns other) {
        return offset == other.offset && height == other.height && end == other.end;
    }

    /** Adds a column. */
    public void touch(int column) {
        long bit = 1L << column;
        if ((bits[column / Long.SIZE] & bit) == 0) {
            bits[column / Long.SIZE] |= bit;
            if (count == touched.length) {
                touched = Arrays.copyOf(touched, 2 * count);
            }
            touched[count] = column;
            count++;
        }
    }

    /** Adds those of another vector; returns false when they are of another matrix. */
    public boolean touchAll(TouchedColumns other) {
        if (!isSameMatrix(other)) {
            return false;
        }
        for (int i = 0; i < other.count; i++) {
            touch(other.touched[i]);
        }
        return true;
    }

    /** Adds the columns in which a vector has an entry whose bits are not all zero; of -0 they are not. */
    public void touchNonzero(float[] vector) {
        for (int at = offset; at < end; at++) {
            if (Float.floatToRawIntBits(vector[at]) != 0) {
                int column = (at - offset) / height;
                touch(column);
                at = offset + (column + 1) * height - 1;
            }
        }
    }

    /** Overwrites the touched columns of the matrix with zeros; none is touched then. */
    public void clear(float[] vector) {
        for (int i = 0; i < count; i++) {
            int from = offset + touched[i] * height;
            Arrays.fill(vector, from, from + height, 0);
            bits[touched[i] / Long.SIZE] = 0;
        }
        count = 0;
    }

    /**
     * Overwrites all touched entries of a vector with zeros, those outside the matrix too; no column is touched then.
     */
    public void clearAll(float[] vector) {
        Arrays.fill(vector, 0, offset, 0);
        clear(vector);
        Arrays.fill(vector, end, vector.length, 0);
    }

    /** Adds the entries [from, to) of the vector that these columns are of to another vector. */
    public void addEntries(float[] vector, float[] sum, int from, int to) {
        for (int start = start(from); start < to; ) {
            int stop = Math.min(to, end(start));
            for (int i = start; i < stop; i++) {
                sum[i] += vector[i];
            }
            start = start(stop);
        }
    }

    /** The first touched entry from this one on; it may be after the vector. */
    public int start(int at) {
        if (at < offset || at >= end) {
            return at;
        }
        int column = (at - offset) / height;
        int next = next(column);
        return next == column ? at : offset + next * height;
    }

    /** The end (exclusive) of touched entries from a touched one on; it may be after the vector. */
    public int end(int at) {
        if (at < offset) {
            return offset;
        }
        if (at >= end) {
            return Integer.MAX_VALUE;
        }
        int column = (at - offset) / height + 1;
        int columns = (end - offset) / height;
        while (column < columns && (bits[column / Long.SIZE] & (1L << column)) != 0) {
            column++;
        }
        return offset + column * height;
    }

    /** The first touched column from this one on; without any, the number of columns. */
    private int next(int column) {
        int word = column / Long.SIZE;
        long rest = bits[word] & (-1L << column);
        while (rest == 0) {
            word++;
            if (word == bits.length) {
                return (end - offset) / height;
            }
            rest = bits[word];
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(rest);
    }
}
