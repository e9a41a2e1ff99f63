package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Gradient descent normalized coordinate by coordinate: {@code θ ← θ − η g / (|g| + ε)}, so that each parameter moves by about
 * η. Prince 2023, eq. 6.13–6.14; sign descent in the limit ε → 0, and the step of {@link RmsProp} with ρ = 0. It does not
 * converge with a constant η: let η decay. No state.
 *
 * @param epsilon ε, positive
 */
public record NormalizedCoordinates(double epsilon) implements ElementwiseOptimizer {
    public NormalizedCoordinates {
        Require.positive("epsilon", epsilon);
    }

    /** ε = 1e-8. */
    public NormalizedCoordinates() {
        this(1e-8);
    }

    @Override
    public String name() {
        return "normalized-coordinates";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 0, 0);
    }

    @Override
    public AtZero atZero() {
        return AtZero.dividedBy(epsilon, AtZero.RESTS);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float eps = (float) epsilon;
        for (int i = from; i < to; i++) {
            parameters[i] = Math.fma(-rate, gradient[i] / (Math.abs(gradient[i]) + eps), parameters[i]);
        }
    }
}
