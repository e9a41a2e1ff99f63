package dev.backdraft.metric;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The absolute errors |p − t| of one column, all kept, for their median: 8 bytes a row. Mutable, not thread-safe.
 */
public final class AbsoluteErrors implements Serializable {
    private static final long serialVersionUID = 1;

    private final WeightedFloats errors = new WeightedFloats();

    /** Adds a row; one of weight 0 is no row. */
    public void add(double predicted, double actual, float weight) {
        if (weight != 0) {
            errors.add((float) Math.abs(predicted - actual), weight);
        }
    }

    /** Adds other rows; {@code other} is read. */
    public void add(AbsoluteErrors other) {
        errors.add(other.errors);
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return errors.bytes();
    }

    void write(ByteBuffer out) {
        errors.write(out);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        errors.read(in);
    }

    /**
     * The error that half of the weight does not exceed; where exactly half of it lies on either side of a gap, the gap's middle.
     * NaN of nothing, or when an error is NaN.
     */
    public double median() {
        int[] order = errors.ascending();
        int last = order.length - 1;
        if (last < 0 || Float.isNaN(errors.value(order[last]))) {
            return Double.NaN;
        }
        double all = 0;
        for (int i : order) {
            all += errors.weight(i);
        }
        int at = 0;
        double upTo = errors.weight(order[0]);
        while (at < last && upTo < all / 2) {
            at++;
            upTo += errors.weight(order[at]);
        }
        double median = errors.value(order[at]);
        return upTo == all / 2 && at < last ? (median + errors.value(order[at + 1])) / 2 : median;
    }
}
