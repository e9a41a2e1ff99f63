package dev.backdraft.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * A hash of a set of rows that does not depend on their order: the sum of the hashes of features and labels. Weights do
 * not count, as two readers of a file may disagree on them. Mutable, not thread-safe.
 */
public final class RowsFingerprint implements Serializable {
    private static final long serialVersionUID = 1;

    private long high;
    private long low;
    private long count;

    /** The key of a row whose label may still be text. */
    static RowKey key(Example row) {
        boolean text = row.labels() == null && Double.isNaN(row.label()) && row.labelText() != null;
        return text ? RowKey.of(0, row, row.labelText().hashCode()) : RowKey.of(0, row);
    }

    /** Adds a row. */
    public void add(Example row) {
        add(row, null);
    }

    /** @param known the row's {@link #key}, or null */
    void add(Example row, RowKey known) {
        RowKey key = row.weight() != 1 ? key(row.withWeight(1)) : known != null ? known : key(row);
        high += key.high();
        low += key.low();
        count++;
    }

    /** Adds other rows; {@code other} is read. */
    public void add(RowsFingerprint other) {
        high += other.high;
        low += other.low;
        count += other.count;
    }

    /** The number of rows. */
    public long count() {
        return count;
    }

    /** The hash, 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x%016x", high, low);
    }
}
