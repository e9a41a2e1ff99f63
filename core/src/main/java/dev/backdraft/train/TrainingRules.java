package dev.backdraft.train;

import dev.backdraft.data.LabelScale;
import dev.backdraft.json.ValueText;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.ElementwiseOptimizer;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.TensorFactors;
import dev.backdraft.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Which settings do not go together. */
public final class TrainingRules {
    private TrainingRules() {}

    /**
     * The loss to train with, as far as the scale of the label tells: one that is named, if it suits; squared error
     * where the label is on another scale than the linear one, which only a regression has.
     *
     * @param loss null to choose
     * @return null when the labels are to choose
     * @throws IllegalArgumentException when the loss does not suit the scale
     */
    public static Loss loss(Loss loss, LabelScale scale) {
        if (scale == LabelScale.LINEAR || (loss != null && loss.allowsLabelScale())) {
            return loss;
        }
        if (loss == null) {
            return new SquaredError();
        }
        String why = loss.target().classifies()
                ? "which classifies"
                : loss.target().isScalable()
                        ? "which predicts a deviation, in the label's own unit"
                        : "which takes amounts as they are and has a logarithm of its own";
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "labelScale %s is for a regression by a loss such as squared-error, absolute-error, huber or pinball, not for"
                        + " %s, %s: choose another loss, or the labelScale linear",
                ValueText.text(scale),
                loss.name(),
                why));
    }

    /**
     * Refuses a training that starts from a model, but is not for the same network, loss and label scale.
     *
     * @throws IllegalArgumentException naming both values
     */
    static void checkInitial(Model initial, Network network, Loss loss, LabelScale scale) {
        if (!initial.network().equals(network)) {
            throw new IllegalArgumentException("the network is " + network + ", but that of the model to start from is "
                    + initial.network() + ": leave out the network, which the model has");
        }
        if (!initial.loss().equals(loss)) {
            boolean sameName = loss != null && loss.name().equals(initial.loss().name());
            throw new IllegalArgumentException("the loss is "
                    + (loss == null ? "auto" : sameName ? TrainingJson.write(loss) : loss.name())
                    + ", but that of the model to start from is "
                    + (sameName
                            ? TrainingJson.write(initial.loss())
                            : initial.loss().name())
                    + ": leave out the loss, which the model has");
        }
        LabelScale known = initial.preprocessing().labelScale();
        if (known != scale) {
            throw new IllegalArgumentException("labelScale is " + ValueText.text(scale)
                    + ", but that of the model to start from is " + ValueText.text(known)
                    + ": set labelScale to " + ValueText.text(known));
        }
    }

    /** Factors of a decay that does not exist would do nothing. */
    private static void checkDecayFactors(Network network, TrainingConfig config) {
        TensorFactors factors = config.decayFactors();
        List<Tensor> tensors = network.layout().parameters();
        factors.of(tensors);
        if (factors.isNone()) {
            return;
        }
        if (config.weightDecay() == 0
                && config.optimizer().weightDecay() == 0
                && config.penalty().isNone()) {
            throw new IllegalArgumentException(
                    "weightDecayFactors changes weightDecay and penalties, which are 0: set one of them, or leave"
                            + " out the factors");
        }
        ParameterLayout layout = new ParameterLayout(tensors, config.penalizeBiases());
        for (TensorFactors.Part part : factors.parts()) {
            if (tensors.stream().noneMatch(tensor -> part.names(tensor) && layout.penalizes(tensor))) {
                throw new IllegalArgumentException("weightDecayFactors names " + part.named()
                        + ", but only weights decay, not biases and scales: set penalizeBiases to true, or leave it"
                        + " out");
            }
        }
    }

    /**
     * Refuses what cannot be trained, before any data is read.
     *
     * @throws IllegalArgumentException when the configuration contradicts itself or the network
     */
    public static void check(Network network, TrainingConfig config) {
        double own = config.optimizer().weightDecay();
        if (own > 0 && config.weightDecay() > 0) {
            throw new IllegalArgumentException(
                    "weight decay is set twice, and the two would add up: " + config.weightDecay()
                            + " for any optimizer, and " + own + " as a setting of "
                            + config.optimizer().name()
                            + ": set one of them to 0");
        }
        TensorFactors factors = config.rateFactors();
        List<Double> rates = factors.of(network.layout().parameters());
        if (!rates.isEmpty() && rates.stream().allMatch(factor -> factor == 0)) {
            throw new IllegalArgumentException(
                    "learningRateFactors freezes all layers, so there is nothing to train: leave one of them out");
        }
        checkDecayFactors(network, config);
        boolean each = config.optimizer() instanceof ElementwiseOptimizer
                && !config.optimizer().looksAhead();
        if (!factors.isNone() && !each) {
            throw new IllegalArgumentException(
                    "learningRateFactors needs an optimizer that moves each weight by its own gradient,"
                            + " and " + config.optimizer().name()
                            + " does not: choose adam, sgd, momentum or another one without a look"
                            + " ahead, a line search or norms, or leave learningRateFactors out");
        }
        if (!config.weightDecayFactor().isOne() && config.weightDecay() == 0) {
            throw new IllegalArgumentException(
                    "weightDecaySchedule changes weightDecay, which is 0: set weightDecay, which works with any optimizer, or"
                            + " leave out the schedule");
        }
        if (!config.dropoutFactor().isOne() && !network.isRandom()) {
            throw new IllegalArgumentException(
                    "dropoutSchedule changes the rates of dropout, but the network has no dropout: add it, or leave out the"
                            + " schedule");
        }
        if (config.earlyStopping() != null && config.earlyStopping().refit() && config.reduceOnPlateau() != null) {
            throw new IllegalArgumentException(
                    "reduceOnPlateau goes by the validation loss, which a refit on all rows does not have: leave out"
                            + " reduceOnPlateau, or set earlyStopping.refit to false");
        }
        if (!config.optimizer().searchesLine()) {
            return;
        }
        String rule = config.optimizer().name();
        if (config.onDivergence() == OnDivergence.SKIP) {
            throw new IllegalArgumentException(
                    rule
                            + " uses all rows in each update, so there is no batch to skip: set onDivergence to stop or rollback");
        }
        if (network.isRandom()) {
            throw new IllegalArgumentException(
                    rule
                            + " compares losses along a line, which dropout makes random: take another optimizer, or no dropout");
        }
        if (config.weightDecay() > 0
                || config.maxNorm() > 0
                || !config.clipping().isNone()) {
            throw new IllegalArgumentException(
                    rule
                            + " needs the gradient of its objective: no clipping, weight decay or max-norm; a penalty may be added");
        }
    }
}
