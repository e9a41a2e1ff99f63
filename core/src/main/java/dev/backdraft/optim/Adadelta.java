package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Adadelta: {@code v ← ρ v + (1 − ρ) g², Δ = −√(u + ε)/√(v + ε) · g, u ← ρ u + (1 − ρ) Δ², θ ← θ + η Δ}. Zeiler 2012,
 * algorithm 1, where η = 1: take a learning rate of 1, not one of gradient descent. As in PyTorch. State: v and u, 8 bytes a
 * parameter.
 *
 * @param decay ρ, 0 ≤ ρ &lt; 1
 * @param epsilon ε, positive; it also sets the size of the first steps
 */
public record Adadelta(double decay, double epsilon) implements ElementwiseOptimizer {
    public Adadelta {
        Require.fraction("decay", decay);
        Require.positive("epsilon", epsilon);
    }

    /** The paper's ρ = 0.95, ε = 1e-6. */
    public Adadelta() {
        this(0.95, 1e-6);
    }

    @Override
    public String name() {
        return "adadelta";
    }

    @Override
    public void check(OptimizerState state) {
        state.checkNotNegative(0, 1);
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 0);
    }

    @Override
    public AtZero atZero() {
        return AtZero.dividedBy(epsilon, AtZero.RESTS_WITHOUT_STATE);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float share = (float) (1 - decay);
        float eps = (float) epsilon;
        float[] v = state.slot(0);
        float[] u = state.slot(1);
        for (int i = from; i < to; i++) {
            v[i] = Math.fma(share, Math.fma(gradient[i], gradient[i], -v[i]), v[i]);
            float delta = (float) Math.sqrt(u[i] + eps) / (float) Math.sqrt(v[i] + eps) * gradient[i];
            u[i] = Math.fma(share, Math.fma(delta, delta, -u[i]), u[i]);
            parameters[i] = Math.fma(-rate, delta, parameters[i]);
        }
    }
}
