package dev.backdraft.train.engine;

import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.StepTimes;
import java.util.List;

/** A source of gradients that may be closed more than once, and then holds no rows any more. */
final class ClosedOnce implements GradientSource {
    private GradientSource source; // null when closed

    private ClosedOnce(GradientSource source) {
        this.source = source;
    }

    static GradientSource of(GradientSource source) {
        return source instanceof ClosedOnce ? source : new ClosedOnce(source);
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        return source.gradient(epoch, step, parameters);
    }

    @Override
    public MetricSums validate(float[] parameters) {
        return source.validate(parameters);
    }

    @Override
    public List<Metric> metrics() {
        return source.metrics();
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        source.overRanges(length, task);
    }

    @Override
    public StepTimes times() {
        return source == null ? null : source.times();
    }

    @Override
    public void close() {
        if (source != null) {
            GradientSource open = source;
            source = null;
            open.close();
        }
    }
}
