package dev.backdraft.train;

import dev.backdraft.metric.Metric;
import dev.backdraft.metric.StandardMetric;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of one epoch. Accuracies are NaN for a loss that does not classify, and validation figures are NaN without
 * validation rows.
 *
 * @param epoch counted from 1
 * @param epochs number of epochs that were requested
 * @param loss mean over the epoch's rows, each at the parameters of its step
 * @param accuracy over the same rows, 0 … 1
 * @param validationLoss mean over the validation rows at the end of the epoch
 * @param validationAccuracy over the validation rows, 0 … 1
 * @param learningRate of the last step
 * @param metrics of the validation rows, by name; unmodifiable
 * @param rows number of rows trained on
 * @param seconds seconds that the steps took, without validation
 * @param times of the steps, as the gradient source measured them; null when it did not
 */
public record EpochResult(
        int epoch,
        int epochs,
        double loss,
        double accuracy,
        double validationLoss,
        double validationAccuracy,
        double learningRate,
        SortedMap<String, Double> metrics,
        long rows,
        double seconds,
        StepTimes times) {
    /** The metrics that have components of their own, as they are measured in every epoch. */
    static final Set<Metric> ALWAYS_MEASURED = Set.of(StandardMetric.LOSS, StandardMetric.ACCURACY);

    public EpochResult {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** The measured metrics by name: those of the validation rows, or without validation rows those of the training rows. */
    public SortedMap<String, Double> values() {
        SortedMap<String, Double> values = new TreeMap<>(metrics);
        boolean validated = !Double.isNaN(validationLoss);
        values.put(StandardMetric.LOSS.label(), validated ? validationLoss : loss);
        if (!Double.isNaN(accuracy)) {
            values.put(StandardMetric.ACCURACY.label(), validated ? validationAccuracy : accuracy);
        }
        return values;
    }

    /** The metrics of the validation rows other than loss and accuracy, which have components of their own. */
    public SortedMap<String, Double> furtherMetrics() {
        SortedMap<String, Double> further = new TreeMap<>(metrics);
        ALWAYS_MEASURED.forEach(metric -> further.remove(metric.label()));
        return further;
    }

    /** One of the {@link #values}; NaN when it was not measured. */
    public double value(String metric) {
        return values().getOrDefault(metric, Double.NaN);
    }

    /** How the time is divided; null when it is not known. */
    public TimeShares shares() {
        return TimeShares.of(times, seconds);
    }

    /** Seconds between gradients, for the optimizer's step and related work. NaN when it is not known. */
    public double updateSeconds() {
        TimeShares shares = shares();
        return shares == null ? Double.NaN : shares.update() * seconds;
    }

    public double rowsPerSecond() {
        return rows / seconds;
    }
}
