package dev.backdraft.train;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one epoch came to. Accuracies are NaN for a loss that does not classify, validation figures NaN without validation rows.
 *
 * @param epoch counted from 1
 * @param epochs that were asked for
 * @param loss mean over the epoch's rows, each at the parameters of its step
 * @param accuracy over the same rows, 0 … 1
 * @param validationLoss mean over the validation rows at the end of the epoch
 * @param validationAccuracy over the validation rows, 0 … 1
 * @param learningRate of the last step
 * @param metrics of the validation rows, by name; unmodifiable
 * @param rows trained on
 * @param seconds that the steps took, validation not counted
 * @param times of the steps, as the source of gradients accounts for them; null when it does not
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
    public EpochResult {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** What was measured, by the names that early stopping knows: of the validation rows, or without any of the training rows. */
    public SortedMap<String, Double> values() {
        SortedMap<String, Double> values = new TreeMap<>(metrics);
        boolean validated = !Double.isNaN(validationLoss);
        values.put("loss", validated ? validationLoss : loss);
        if (!Double.isNaN(accuracy)) {
            values.put("accuracy", validated ? validationAccuracy : accuracy);
        }
        return values;
    }

    /** One of the {@link #values}; NaN when it was not measured. */
    public double value(String metric) {
        return values().getOrDefault(metric, Double.NaN);
    }

    /** Where the time went; null when that is not known. */
    public TimeShares shares() {
        return TimeShares.of(times, seconds);
    }

    /** Seconds between gradients: the optimizer's step and what goes with it. NaN when that is not known. */
    public double updateSeconds() {
        TimeShares shares = shares();
        return shares == null ? Double.NaN : shares.update() * seconds;
    }

    public double rowsPerSecond() {
        return rows / seconds;
    }
}
