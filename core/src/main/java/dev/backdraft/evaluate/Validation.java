package dev.backdraft.evaluate;

import dev.backdraft.metric.MetricSums;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The sums of one pass over validation rows. Sums of parts add, in the order of the blocks. Mutable, not thread-safe.
 */
public final class Validation implements Serializable {
    private static final long serialVersionUID = 2;

    private final MetricSums metrics;

    Validation(MetricSums metrics) {
        this.metrics = metrics;
    }

    /** The sums, of the loss and of what the metrics need; shared. */
    public MetricSums metrics() {
        return metrics;
    }

    /** The {@linkplain MetricSums#loss loss}; NaN of nothing. */
    public double loss() {
        return metrics.loss();
    }

    /** The share of the weight that the loss counts as predicted right, 0 … 1; NaN of nothing. */
    public double accuracy() {
        return metrics.correct() / metrics.weight();
    }

    /** Number of bytes that {@link #write} takes. */
    public int bytes() {
        return metrics.bytes();
    }

    /** Writes the sums; see {@link MetricSums#write}. */
    public void write(ByteBuffer out) {
        metrics.write(out);
    }

    /** Sums that were sent, to be added to those of {@link Measures#none}; see {@link MetricSums#read}. */
    public static Validation read(ByteBuffer in) {
        return new Validation(MetricSums.read(in));
    }

    /** Adds another sum of the same measures; {@code other} is read. */
    public void add(Validation other) {
        metrics.add(other.metrics);
    }
}
