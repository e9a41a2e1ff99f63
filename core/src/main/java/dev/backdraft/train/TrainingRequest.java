package dev.backdraft.train;

import dev.backdraft.data.DataScan;
import dev.backdraft.label.LabelRules;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.io.Serializable;
import java.util.List;

/**
 * What a user asks for, before the data has been seen.
 *
 * @param loss null to choose by the labels ({@link LabelRules#chooseLoss}); never null when the label has a scale of
 *     its own, as that makes it a regression
 * @param standardize whether features, and the label of a regression, are scaled to mean 0 and deviation 1
 * @param config must not {@linkplain TrainingRules#check contradict itself} or the network
 * @param validationFraction of the rows that is kept back to measure the loss on; 0 for none
 */
public record TrainingRequest(
        Network network, Loss loss, TrainingConfig config, boolean standardize, double validationFraction)
        implements Serializable {
    public TrainingRequest {
        new DataScan.Split(config.seed(), validationFraction);
        loss = TrainingRules.loss(loss, config.labelScale());
        TrainingRules.check(network, config);
    }

    /** Trains this network by this configuration: the loss chosen by the labels, nothing standardised or kept back. */
    public static TrainingRequest of(Network network, TrainingConfig config) {
        return new TrainingRequest(network, null, config, false, 0);
    }

    public TrainingRequest withLoss(Loss newLoss) {
        return new TrainingRequest(network, newLoss, config, standardize, validationFraction);
    }

    public TrainingRequest withEarlyStopping(EarlyStopping newStopping) {
        return new TrainingRequest(
                network, loss, config.withEarlyStopping(newStopping), standardize, validationFraction);
    }

    public TrainingRequest withStandardize(boolean newStandardize) {
        return new TrainingRequest(network, loss, config, newStandardize, validationFraction);
    }

    public TrainingRequest withValidationFraction(double newFraction) {
        return new TrainingRequest(network, loss, config, standardize, newFraction);
    }

    /** Whether a second training on all rows follows the one that finds the best epoch. */
    public boolean refits() {
        return config.earlyStopping() != null && config.earlyStopping().refit();
    }

    /** The request of that second training: no row is kept back, so nothing is measured and nothing stops it early. */
    public TrainingRequest ofRefit() {
        TrainingConfig plain = config.withEarlyStopping(null)
                .withMetrics(List.of())
                .withCalibration(Calibration.NONE)
                .withThreshold(null);
        return new TrainingRequest(network, loss, plain, standardize, 0);
    }

    /** Which rows are kept back. */
    public DataScan.Split split() {
        return new DataScan.Split(config.seed(), validationFraction);
    }

    /** An empty scan of the rows that this request is for. */
    public DataScan newScan() {
        return new DataScan(network.inputSize(), split(), standardize, config.labelScale());
    }
}
