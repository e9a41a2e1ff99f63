package dev.backdraft.column;

import dev.backdraft.data.RowKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.function.DoubleUnaryOperator;

/**
 * A sample of rows that depends on nothing but the rows: those whose hash is below a threshold, which is halved when
 * they are too many. It is all rows as long as they fit. Samples of parts add up to the sample of the whole, in any
 * order. Mutable, not thread-safe.
 */
final class RowSample implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long SAMPLE = 0x73616d706c65L; // the purpose of the draw
    private static final int MOST_HALVINGS = 40; // equal rows have one hash, so there may be more than fit

    private final int capacity;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private int halvings;

    /** A row, its columns as numbers. A class, not a record: Spark's Kryo cannot serialize records. */
    private static final class Entry implements Serializable {
        private static final long serialVersionUID = 1;

        private final double place;
        private final double[] values;
        private final float weight;

        Entry(double place, double[] values, float weight) {
            this.place = place;
            this.values = values;
            this.weight = weight;
        }
    }

    /** @param capacity most rows */
    RowSample(int capacity) {
        this.capacity = capacity;
    }

    /** Adds a row; the array is kept. */
    void add(RowKey key, double[] values, float weight) {
        double place = key.fraction(SAMPLE);
        if (place < Math.scalb(1.0, -halvings)) {
            entries.add(new Entry(place, values, weight));
            thin();
        }
    }

    /** Adds another sample. */
    void add(RowSample other) {
        halvings = Math.max(halvings, other.halvings);
        entries.addAll(other.entries);
        entries.removeIf(entry -> entry.place >= Math.scalb(1.0, -halvings));
        thin();
    }

    private void thin() {
        while (entries.size() > capacity && halvings < MOST_HALVINGS) {
            halvings++;
            entries.removeIf(entry -> entry.place >= Math.scalb(1.0, -halvings));
        }
    }

    /** The values of a column that are not NaN. */
    Quantiles quantiles(int column, DoubleUnaryOperator function) {
        Quantiles all = new Quantiles(entries.size());
        for (Entry entry : entries) {
            double value = entry.values[column];
            if (!Double.isNaN(value)) {
                all.add(function.applyAsDouble(value), entry.weight);
            }
        }
        return all.sorted();
    }
}
