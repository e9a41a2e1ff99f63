package dev.backdraft.train;

import dev.backdraft.data.DataScan;
import dev.backdraft.json.Records;
import dev.backdraft.label.LabelRules;
import dev.backdraft.loss.Loss;
import dev.backdraft.model.Model;
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
 * @param initial the model whose weights the training starts from, with the network, the loss, the label scale and the
 *     preprocessing that are the model's; null to draw the weights by the seed, and to learn the preprocessing
 */
public record TrainingRequest(
        Network network,
        Loss loss,
        TrainingConfig config,
        boolean standardize,
        double validationFraction,
        InitialModel initial)
        implements Serializable {
    public TrainingRequest {
        new DataScan.Split(config.seed(), validationFraction);
        loss = TrainingRules.loss(loss, config.labelScale());
        TrainingRules.check(network, config);
        if (initial != null && initial.isHere()) {
            TrainingRules.checkInitial(initial.model(), network, loss, config.labelScale());
        }
    }

    /** Starts from weights that are drawn by the seed. */
    public TrainingRequest(
            Network network, Loss loss, TrainingConfig config, boolean standardize, double validationFraction) {
        this(network, loss, config, standardize, validationFraction, null);
    }

    /**
     * Trains a model further, or on other rows: starts from its weights, with its network, loss and preprocessing.
     *
     * @param config whose label scale is that of the model
     */
    public static TrainingRequest from(Model model, TrainingConfig config) {
        InitialModel initial = InitialModel.of(model);
        return new TrainingRequest(model.network(), model.loss(), config, initial.isStandardized(), 0, initial);
    }

    /** Trains this network by this configuration: the loss chosen by the labels, nothing standardised or kept back. */
    public static TrainingRequest of(Network network, TrainingConfig config) {
        return new TrainingRequest(network, null, config, false, 0);
    }

    public TrainingRequest withLoss(Loss newLoss) {
        return Records.with(this, "loss", newLoss);
    }

    public TrainingRequest withEarlyStopping(EarlyStopping newStopping) {
        return Records.with(this, "config", config.withEarlyStopping(newStopping));
    }

    public TrainingRequest withStandardize(boolean newStandardize) {
        return Records.with(this, "standardize", newStandardize);
    }

    public TrainingRequest withValidationFraction(double newFraction) {
        return Records.with(this, "validationFraction", newFraction);
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
        return new TrainingRequest(network, loss, plain, standardize, 0, initial);
    }

    /** Which rows are kept back. */
    public DataScan.Split split() {
        return new DataScan.Split(config.seed(), validationFraction);
    }

    /** An empty scan of the rows that this request is for. */
    public DataScan newScan() {
        DataScan scan = new DataScan(network.inputSize(), split(), standardize && initial == null, config.labelScale());
        return initial == null ? scan : scan.ofKnownFeatures();
    }
}
