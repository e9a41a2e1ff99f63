package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.ParameterLayout;

/**
 * What the {@linkplain UpdateStage stages} of one update work on.
 *
 * @param sum of the gradient over the update's rows; read
 * @param slope d(objective)/d(mean loss), by which the mean gradient is multiplied
 * @param objective of the update's rows at {@code point}, without a penalty
 * @param trainingRows N, by which penalties are divided
 * @param learningRate η of this update
 * @param point where the gradient was taken; read
 * @param gradient overwritten with the mean gradient, then changed by stages; batch statistics follow the parameters' entries
 * @param parameters θ, followed by running statistics; changed
 * @param optimizer what the optimizer remembers; changed
 */
record UpdateNumbers(
        GradientSum sum,
        float slope,
        double objective,
        double trainingRows,
        double learningRate,
        float[] point,
        float[] gradient,
        float[] parameters,
        OptimizerState optimizer) {
    ParameterLayout layout() {
        return optimizer.layout();
    }

    /** Entries of the vectors that are parameters. */
    int parameterCount() {
        return optimizer.parameterCount();
    }
}
