package dev.backdraft.data;

import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;
import java.util.Locale;

/**
 * The place of a row in the canonical order: a 128-bit hash of (seed, features, labels, weight). Sorting by it is the random
 * shuffle that stochastic gradient descent needs, and does not depend on how the input was partitioned or ordered.
 *
 * <p>Dense and sparse rows with the same features have the same key, as zeros are left out. Two rows with equal keys are taken
 * to be the same row: for a billion different rows the chance that any two collide is below 10⁻²⁰. Duplicates would lie side by
 * side and fill whole mini-batches, so the k-th copy of a row gets the key of an {@linkplain #copy occurrence}, which scatters
 * them; which of the equal rows is the k-th makes no difference.
 *
 * <p>The cells of a raw row count as its features.
 *
 * <p>A class, not a record: Spark's Kryo cannot serialize records.
 */
public final class RowKey implements Comparable<RowKey>, Serializable {
    private static final long serialVersionUID = 1;
    private static final long ORDER = 0x6f72646572L; // the purpose of the hash
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final long high;
    private final long low;

    private RowKey(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /** The key of a row whose labels are resolved: a class index or numbers. */
    public static RowKey of(long seed, Example row) {
        float[] labels = row.labels();
        return labels == null ? of(seed, row, (float) row.label()) : of(seed, row, labels[0], labels);
    }

    /** The key of a row as if this were its label. */
    public static RowKey of(long seed, Example row, float label) {
        return of(seed, row, label, null);
    }

    /** @param labels whose first one is {@code label}, or null when that is the only one */
    private static RowKey of(long seed, Example row, float label, float[] labels) {
        long h = SplitMix.mix(seed ^ ORDER);
        long l = SplitMix.mix(h + ODD);
        float[] values = row.values();
        int[] indices = row.indices();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                long entry = ((long) (indices == null ? i : indices[i]) << 32)
                        | (Float.floatToIntBits(values[i]) & 0xFFFFFFFFL);
                h = SplitMix.mix(h ^ entry);
                l = SplitMix.mix(l + entry * ODD);
            }
        }
        for (int i = 0; row.cells() != null && i < row.cells().size(); i++) {
            long entry = row.cells().hash(i);
            h = SplitMix.mix(h ^ entry);
            l = SplitMix.mix(l + entry * ODD);
        }
        for (int k = 1; labels != null && k < labels.length; k++) {
            long entry = ((long) ~k << 32) | (Float.floatToIntBits(labels[k]) & 0xFFFFFFFFL);
            h = SplitMix.mix(h ^ entry);
            l = SplitMix.mix(l + entry * ODD);
        }
        long rest = ((long) Float.floatToIntBits(label) << 32) | (Float.floatToIntBits(row.weight()) & 0xFFFFFFFFL);
        return new RowKey(SplitMix.mix(~h ^ rest), SplitMix.mix(~l + rest * ODD));
    }

    /** The key of the k-th further copy of this row; the row itself for k = 0. */
    public RowKey copy(long k) {
        return k == 0 ? this : new RowKey(SplitMix.mix(high ^ SplitMix.mix(k)), SplitMix.mix(low + k * ODD));
    }

    /** Which of {@code parts} equal ranges of all keys this one falls into, 0 … parts − 1; ascends with the key. */
    public int range(int parts) {
        return (int) (((high >>> 32) * parts) >>> 32);
    }

    /** A number in [0, 1) drawn from this key for a purpose: unrelated to the place in the order. */
    public double fraction(long purpose) {
        return (SplitMix.mix(high ^ SplitMix.mix(purpose) ^ Long.rotateLeft(low, 17)) >>> 11) * 0x1.0p-53;
    }

    /** The first 64 bits. */
    public long high() {
        return high;
    }

    /** The last 64 bits. */
    public long low() {
        return low;
    }

    @Override
    public int compareTo(RowKey other) {
        int first = Long.compareUnsigned(high, other.high);
        return first != 0 ? first : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof RowKey other && high == other.high && low == other.low;
    }

    @Override
    public int hashCode() {
        return (int) high;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x%016x", high, low);
    }
}
