package dev.backdraft.network;

import java.util.Arrays;

/**
 * Which columns of a matrix within a flat vector may hold something else than zeros. A batch of sparse rows gives a
 * gradient to few columns of a wide matrix, and to clear and add only those takes a small part of the time. Mutable,
 * not thread-safe.
 */
final class TouchedColumns {
    private final int offset; // of the matrix in the vector
    private final int height;
    private final int end;
    private final long[] bits; // one a column
    private int[] touched = new int[64];
    private int count;

    /** None of the columns of a matrix [height × columns] that starts at {@code offset}. */
    TouchedColumns(int offset, int height, int columns) {
        this.offset = offset;
        this.height = height;
        end = offset + height * columns;
        bits = new long[(columns + Long.SIZE - 1) / Long.SIZE];
    }

    boolean isOf(int ofOffset, int ofHeight, int columns) {
        return offset == ofOffset && height == ofHeight && end == ofOffset + ofHeight * columns;
    }

    void touch(int column) {
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
    boolean touchAll(TouchedColumns other) {
        if (offset != other.offset || height != other.height || end != other.end) {
            return false;
        }
        for (int i = 0; i < other.count; i++) {
            touch(other.touched[i]);
        }
        return true;
    }

    /** Overwrites the touched columns with zeros; none is touched then. */
    void clear(float[] vector) {
        for (int i = 0; i < count; i++) {
            int from = offset + touched[i] * height;
            Arrays.fill(vector, from, from + height, 0);
            bits[touched[i] / Long.SIZE] = 0;
        }
        count = 0;
    }

    /** Adds the entries [from, to) of the vector that these columns are of to another vector. */
    void addEntries(float[] vector, float[] sum, int from, int to) {
        add(vector, sum, from, Math.min(to, offset));
        int first = Math.max(from, offset);
        int last = Math.min(to, end);
        if (first < last) {
            int behind = (last - offset + height - 1) / height;
            for (int column = next((first - offset) / height); column < behind; column = next(column + 1)) {
                int at = offset + column * height;
                add(vector, sum, Math.max(first, at), Math.min(last, at + height));
            }
        }
        add(vector, sum, Math.max(from, end), to);
    }

    /** The first touched column from this one on; very large without any. */
    private int next(int column) {
        int word = column / Long.SIZE;
        if (word >= bits.length) {
            return Integer.MAX_VALUE;
        }
        long rest = bits[word] & (-1L << column);
        while (rest == 0) {
            word++;
            if (word == bits.length) {
                return Integer.MAX_VALUE;
            }
            rest = bits[word];
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(rest);
    }

    private static void add(float[] from, float[] to, int start, int end) {
        for (int i = start; i < end; i++) {
            to[i] += from[i];
        }
    }
}
