package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Lion, sign descent with momentum: {@code c = β₁ m + (1 − β₁) g, θ ← θ − η (sign c + λ θ), m ← β₂ m + (1 − β₂) g};
 * sign 0 = 0, and λ acts on the penalized tensors alone. Chen et al. 2023 ("Symbolic discovery of optimization
 * algorithms"), program 1. Every parameter moves by η in each step, so take a rate 3 to 10 times smaller than Adam's,
 * and a λ as much larger. State: m, 4 bytes a parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param weightDecay λ, at least 0
 */
public record Lion(double beta1, double beta2, double weightDecay) implements ElementwiseOptimizer {
    public Lion {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.notNegative("weightDecay", weightDecay);
    }

    /** The paper's β₁ = 0.9, β₂ = 0.99, without decay. */
    public Lion() {
        this(0.9, 0.99, 0);
    }

    @Override
    public String name() {
        return "lion";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public AtZero atZero() {
        return weightDecay == 0 ? AtZero.RESTS_WITHOUT_STATE : AtZero.MOVES;
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        WeightDecay.shrink(weightDecay, state.layout(), learningRate, parameters, from, to);
        float rate = (float) learningRate;
        float share1 = (float) (1 - beta1);
        float share2 = (float) (1 - beta2);
        float[] m = state.slot(0);
        for (int i = from; i < to; i++) {
            float c = Math.fma(share1, gradient[i] - m[i], m[i]);
            parameters[i] -= rate * Math.signum(c);
            m[i] = Math.fma(share2, gradient[i] - m[i], m[i]);
        }
    }
}
