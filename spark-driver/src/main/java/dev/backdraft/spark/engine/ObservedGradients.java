package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.RangeTask;
import java.util.List;

/**
 * A source of gradients that shows in Spark's pages and metrics what it is asked for: jobs are labelled with the step they are
 * for, and {@link FitProgress} keeps account. A fit whose thread is interrupted ends with a
 * {@link java.util.concurrent.CancellationException}, however its gradients come, and its jobs are cancelled. Changes nothing else.
 */
final class ObservedGradients implements GradientSource {
    private final GradientSource source;
    private final int epochs;
    private final JobLabels labels;
    private final FitProgress progress;

    /** @param source closed with this */
    ObservedGradients(Fit fit, BatchLayout layout, GradientSource source, JobLabels labels) {
        this.source = source;
        this.labels = labels;
        epochs = fit.config().epochs();
        progress = new FitProgress(fit, layout, source::times);
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        labels.set("epoch " + epoch + '/' + epochs + ", batch " + (step + 1));
        try {
            GradientSum sum = source.gradient(epoch, step, parameters);
            progress.stepped(epoch, step, sum);
            return sum;
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            labels.throwIfCancelled(e);
            throw e;
        } finally {
            labels.restore();
        }
    }

    @Override
    public MetricSums validate(float[] parameters) {
        long start = System.nanoTime();
        labels.set("validation after epoch " + progress.epoch() + '/' + epochs);
        try {
            MetricSums validation = source.validate(parameters);
            if (validation != null) {
                progress.validated(validation, System.nanoTime() - start);
            }
            return validation;
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            labels.throwIfCancelled(e);
            throw e;
        } finally {
            labels.restore();
        }
    }

    @Override
    public List<Metric> metrics() {
        return source.metrics();
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        try {
            source.overRanges(length, task);
        } catch (RuntimeException e) {
            labels.throwIfCancelled(e);
            throw e;
        }
    }

    @Override
    public StepTimes times() {
        return source.times();
    }

    @Override
    public void close() {
        Cancellation.shield(this::end);
    }

    private void end() {
        try {
            progress.ended();
        } finally {
            source.close();
        }
    }
}
