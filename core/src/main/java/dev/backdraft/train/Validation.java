package dev.backdraft.train;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.LossSum;
import java.io.Serializable;

/** What one pass over validation rows adds up. Sums of parts add, in the order of the blocks. Mutable, not thread-safe. */
public final class Validation implements Serializable {
    private static final long serialVersionUID = 1;

    private final LossSum losses = new LossSum();
    private final MetricSums metrics; // null when no metric is measured

    Validation(MetricSums metrics) {
        this.metrics = metrics;
    }

    /** The sums of losses and weights, itself. */
    public LossSum losses() {
        return losses;
    }

    /** What metrics need, itself; null when none is measured. */
    public MetricSums metrics() {
        return metrics;
    }

    /** Adds another sum of the same measures; {@code other} is read. */
    public void add(Validation other) {
        losses.add(other.losses);
        if (metrics != null) {
            metrics.add(other.metrics);
        }
    }
}
