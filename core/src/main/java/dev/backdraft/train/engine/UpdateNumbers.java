package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.tensor.TouchedColumns;

/**
 * What the {@linkplain UpdateStage stages} of one update work on.
 *
 * @param sum of the gradient over the update's rows; divided in place into the mean, which stages then change
 * @param touched the entries that the update goes over, as all others are at rest; null for all
 * @param slope d(objective)/d(mean loss), by which the mean gradient is multiplied
 * @param objective of the update's rows at {@code point}, without a penalty
 * @param trainingRows N, by which penalties are divided
 * @param learningRate η of this update
 * @param decayFactor what weight decay is multiplied by in this update
 * @param point where the gradient was taken; read
 * @param parameters θ, followed by running statistics; changed
 * @param optimizer what the optimizer remembers; changed
 */
record UpdateNumbers(
        GradientSum sum,
        TouchedColumns touched,
        float slope,
        double objective,
        double trainingRows,
        double learningRate,
        double decayFactor,
        float[] point,
        float[] parameters,
        OptimizerState optimizer) {
    /** g: the sum, then its mean; batch statistics follow the parameters' entries. */
    float[] gradient() {
        return sum.gradient();
    }

    ParameterLayout layout() {
        return optimizer.layout();
    }

    /** Entries of the vectors that are parameters. */
    int parameterCount() {
        return optimizer.parameterCount();
    }
}
