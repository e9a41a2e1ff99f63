package dev.backdraft.metric;

import java.util.Set;

/**
 * The share of rows whose true class is among the k most probable: {@code top-5-accuracy}. It is 1 where there are no more than k
 * classes.
 */
public record TopAccuracy(int k) implements Metric {
    public TopAccuracy {
        if (k < 1) {
            throw new IllegalArgumentException("k must be positive: " + k);
        }
    }

    @Override
    public String label() {
        return "top-" + k + "-accuracy";
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }

    @Override
    public boolean suits(PredictionKind kind) {
        return kind == PredictionKind.CLASSES;
    }

    @Override
    public Set<Collected> collects() {
        return Set.of(Collected.RANKS);
    }

    @Override
    public double value(MetricSums sums) {
        return sums.ranks().topAccuracy(k);
    }
}
