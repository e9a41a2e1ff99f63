package dev.backdraft.metric;

import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Tweedie;

/**
 * What the outputs of a network are.
 *
 * @param point the output that is the prediction of the one label; −1 when each output has a label of its own, or is a
 *     class
 * @param levels of quantiles; empty for others
 * @param power of the Tweedie distribution
 */
record PredictionShape(PredictionKind kind, int outputs, int point, double[] levels, double power) {
    private static final double USUAL_POWER = new Tweedie().power();

    /**
     * Of a network that is trained with a loss.
     *
     * @param loss null when only the kind is known
     */
    static PredictionShape of(PredictionKind kind, int outputs, Loss loss) {
        double power = loss instanceof Tweedie tweedie ? tweedie.power() : USUAL_POWER;
        if (loss instanceof DistributionLoss one) {
            return new PredictionShape(kind, outputs, one.pointOutput(), QuantileErrors.levels(one.levels()), power);
        }
        if (kind == PredictionKind.QUANTILES) {
            throw new IllegalArgumentException("quantiles need the loss, which knows their levels");
        }
        return new PredictionShape(kind, outputs, -1, new double[0], power);
    }

    /** The number of labels of a row, where labels are numbers. */
    int labels() {
        return point < 0 ? outputs : 1;
    }
}
