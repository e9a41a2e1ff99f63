package dev.backdraft.spark.ml;

import dev.backdraft.spark.internal.FitSummary;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TimeShares;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;

/**
 * The history of a fit, epoch by epoch. Entry i of a history is epoch i + 1. Immutable. As with Spark's own models, {@code
 * save} of a model does not save it.
 */
public final class NeuralNetworkTrainingSummary implements FitSummary {
    private final List<EpochResult> epochs;
    private final int bestEpoch;
    private final String endReason;
    private final long skippedUpdates;
    private final int rollbacks;

    /**
     * @param bestEpoch whose weights are the model's, counted from 1
     * @param endReason in words
     */
    NeuralNetworkTrainingSummary(
            List<EpochResult> epochs, int bestEpoch, String endReason, long skippedUpdates, int rollbacks) {
        this.skippedUpdates = skippedUpdates;
        this.rollbacks = rollbacks;
        this.epochs = List.copyOf(epochs);
        this.bestEpoch = bestEpoch;
        this.endReason = endReason;
    }

    /** The figures of each epoch. Unmodifiable. */
    List<EpochResult> epochs() {
        return epochs;
    }

    /** Mean training loss of each epoch, without penalties. The loss of a row is that at the parameters of its step. */
    @Override
    public double[] objectiveHistory() {
        return history(EpochResult::loss);
    }

    /** Number of epochs that ran: fewer than {@code maxIter} when training ended early. */
    @Override
    public int totalIterations() {
        return epochs.size();
    }

    /** Loss of the validation rows at the end of each epoch; empty without such rows. */
    public double[] validationHistory() {
        return Double.isNaN(epochs.get(0).validationLoss()) ? new double[0] : history(EpochResult::validationLoss);
    }

    /** Share of training rows that were classified correctly during training, 0 … 1; NaN for a regression. */
    public double[] accuracyHistory() {
        return history(EpochResult::accuracy);
    }

    /** Learning rate of each epoch's last step. */
    public double[] learningRateHistory() {
        return history(EpochResult::learningRate);
    }

    /**
     * A metric of the validation rows at the end of each epoch; {@code loss} and {@code accuracy} are those of the training
     * rows when there are no validation rows.
     *
     * @throws IllegalArgumentException when it was not measured; the message names those that were
     */
    public double[] metricHistory(String metric) {
        if (!metrics().containsKey(metric)) {
            throw new IllegalArgumentException(
                    metric + " was not measured: there are " + metrics().keySet());
        }
        return history(epoch -> epoch.value(metric));
    }

    /** The metrics of the model's weights: their values at the end of {@link #bestEpoch}. Unmodifiable. */
    public SortedMap<String, Double> metrics() {
        return Collections.unmodifiableSortedMap(epochs.get(bestEpoch - 1).values());
    }

    /** The epoch whose weights the model has, counted from 1: the best one with early stopping, otherwise the last. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Why the training ended, in words: {@code all epochs are done}, {@code no better validation loss for 10 epochs} … */
    public String endReason() {
        return endReason;
    }

    /**
     * Number of updates that were skipped because their loss or gradient was not finite, with {@code onDivergence}
     * skip.
     */
    public long skippedUpdates() {
        return skippedUpdates;
    }

    /**
     * Number of times that the learning rate was halved after numbers that were not finite, with {@code onDivergence}
     * rollback.
     */
    public int rollbacks() {
        return rollbacks;
    }

    /** Number of training rows. */
    public long trainingRows() {
        return epochs.get(0).rows();
    }

    /**
     * Seconds that all steps took, without validation and preparation; those of this fit, when it has continued another
     * one.
     */
    public double trainingSeconds() {
        return epochs.stream()
                .mapToDouble(EpochResult::seconds)
                .filter(Double::isFinite)
                .sum();
    }

    /** How the time of the steps is divided; null when it is not known. */
    public TimeShares timeShares() {
        StepTimes sum = StepTimes.NONE;
        for (EpochResult epoch : epochs) {
            if (epoch.times() == null) {
                return null;
            }
            sum = sum.plus(epoch.times());
        }
        return TimeShares.of(sum, trainingSeconds());
    }

    private double[] history(ToDoubleFunction<EpochResult> value) {
        return epochs.stream().mapToDouble(value).toArray();
    }
}
