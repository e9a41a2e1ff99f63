package dev.backdraft.train;

import dev.backdraft.network.Network;
import dev.backdraft.optim.ElementwiseOptimizer;
import dev.backdraft.optim.RateFactors;

/** Which settings do not go together. */
public final class TrainingRules {
    private TrainingRules() {}

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
        RateFactors factors = RateFactors.parse(config.learningRateFactors());
        factors.of(network.layout().parameters());
        boolean each = config.optimizer() instanceof ElementwiseOptimizer
                && !config.optimizer().looksAhead();
        if (!factors.isNone() && !each) {
            throw new IllegalArgumentException(
                    "learningRateFactors needs an optimizer that moves each weight by its own gradient,"
                            + " and " + config.optimizer().name()
                            + " does not: choose adam, sgd, momentum or another one without a look"
                            + " ahead, a line search or norms, or leave learningRateFactors out");
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
