package dev.backdraft.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Finds features that only count the rows, such as a row number: whole numbers that increase from row to row, in a
 * range that is no larger than the number of rows. They increase by one where all rows are seen, and by more where some
 * are left out. Sees the rows of a part in their order; parts are added in any order. Mutable, not thread-safe.
 */
final class CountingColumns implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int FEWEST_ROWS = 10; // fewer increase by chance, or are a grid of inputs
    private static final int MOST_FEATURES = 1000;

    private final boolean possible;
    private int[] columns; // that may be counting; null before the first row
    private double[] last; // values of these columns
    private double[] lowest;
    private double[] highest;

    /** @param featureCount of a row; where there is only one, it is no row number */
    CountingColumns(int featureCount) {
        possible = featureCount > 1 && featureCount <= MOST_FEATURES;
    }

    /** Adds the next row of the part. */
    void add(Example row) {
        if (!possible || (columns != null && columns.length == 0)) {
            return;
        }
        if (columns == null) {
            start(row);
            return;
        }
        int count = 0;
        for (int i = 0; i < columns.length; i++) {
            int column = columns[i];
            double value = !row.isSparse() && column < row.width() ? row.value(column) : Double.NaN;
            if (value > last[i] && value == Math.rint(value)) {
                columns[count] = column;
                last[count] = value;
                lowest[count] = lowest[i];
                highest[count] = value;
                count++;
            }
        }
        keep(count);
    }

    private void start(Example row) {
        int width = row.isSparse() ? 0 : row.width(); // sparse rows are words or pixels
        columns = new int[width];
        last = new double[width];
        int count = 0;
        for (int column = 0; column < width; column++) {
            double value = row.value(column);
            if (value == Math.rint(value)) { // false for NaN
                columns[count] = column;
                last[count++] = value;
            }
        }
        lowest = last.clone();
        highest = last.clone();
        keep(count);
    }

    private void keep(int count) {
        if (count < columns.length) {
            columns = Arrays.copyOf(columns, count);
            last = Arrays.copyOf(last, count);
            lowest = Arrays.copyOf(lowest, count);
            highest = Arrays.copyOf(highest, count);
        }
    }

    /** Adds another part; {@code other} is read. No row can be added afterwards. */
    void add(CountingColumns other) {
        if (other.columns == null) {
            return;
        }
        if (columns == null) {
            columns = other.columns.clone();
            last = other.last.clone();
            lowest = other.lowest.clone();
            highest = other.highest.clone();
            return;
        }
        int count = 0;
        for (int i = 0; i < columns.length; i++) {
            int at = Arrays.binarySearch(other.columns, columns[i]);
            if (at >= 0) {
                columns[count] = columns[i];
                lowest[count] = Math.min(lowest[i], other.lowest[at]);
                highest[count] = Math.max(highest[i], other.highest[at]);
                count++;
            }
        }
        keep(count);
    }

    /**
     * The features that count.
     *
     * @param rows that there are, those that were left out included
     */
    int[] find(long rows) {
        if (columns == null || rows < FEWEST_ROWS) {
            return new int[0];
        }
        int[] found = new int[columns.length];
        int count = 0;
        for (int i = 0; i < columns.length; i++) {
            if (highest[i] - lowest[i] < rows) {
                found[count++] = columns[i];
            }
        }
        return Arrays.copyOf(found, count);
    }
}
