package dev.backdraft.column;

import dev.backdraft.data.RowKey;
import java.io.Serializable;
import java.util.HashMap;
import java.util.function.DoubleUnaryOperator;

/**
 * A sample of rows that depends on nothing but the rows: those whose hash is below a threshold, which is halved when
 * they are too many. It is all rows as long as they fit; equal rows count, but are kept once. Samples of parts add up
 * to the sample of the whole, in any order. Mutable, not thread-safe.
 */
final class RowSample implements Serializable {
    private static final long serialVersionUID = 2;
    private static final long SAMPLE = 0x73616d706c65L; // the purpose of the draw
    private static final int MOST_HALVINGS = 53; // of what a double tells apart

    private final int capacity;
    private final HashMap<RowKey, Entry> entries = new HashMap<>();
    private int halvings;

    /** A row, its columns as numbers. A class, not a record: Spark's Kryo cannot serialize records. */
    private static final class Entry implements Serializable {
        private static final long serialVersionUID = 2;

        private final double[] values;
        private final float weight; // of one such row
        private long count; // of equal rows

        Entry(double[] values, float weight, long count) {
            this.values = values;
            this.weight = weight;
            this.count = count;
        }
    }

    /** @param capacity most rows that differ */
    RowSample(int capacity) {
        this.capacity = capacity;
    }

    /** About the most bytes of a sample of rows with this many columns. */
    static long mostBytes(int capacity, int columns) {
        return capacity * (8L * columns + 64);
    }

    /**
     * Adds a row; the array is kept.
     *
     * @param key that only rows with these values and this weight have
     */
    void add(RowKey key, double[] values, float weight) {
        add(key, values, weight, 1);
        thin();
    }

    private void add(RowKey key, double[] values, float weight, long count) {
        if (isWithin(key)) {
            Entry known = entries.putIfAbsent(key, new Entry(values, weight, count));
            if (known != null) {
                known.count += count;
            }
        }
    }

    private boolean isWithin(RowKey key) {
        return key.fraction(SAMPLE) < Math.scalb(1.0, -halvings);
    }

    /** Adds another sample, which is read. */
    void add(RowSample other) {
        if (other.halvings > halvings) {
            halvings = other.halvings;
            removeOthers();
        }
        other.entries.forEach((key, entry) -> add(key, entry.values, entry.weight, entry.count));
        thin();
    }

    private void thin() {
        while (entries.size() > capacity && halvings < MOST_HALVINGS) {
            halvings++;
            removeOthers();
        }
    }

    private void removeOthers() {
        entries.keySet().removeIf(key -> !isWithin(key));
    }

    /** The values of a column that are not NaN. */
    Quantiles quantiles(int column, DoubleUnaryOperator function) {
        Quantiles all = new Quantiles(entries.size());
        for (Entry entry : entries.values()) {
            double value = entry.values[column];
            if (!Double.isNaN(value)) {
                all.add(function.applyAsDouble(value), (double) entry.weight * entry.count);
            }
        }
        return all.sorted();
    }
}
