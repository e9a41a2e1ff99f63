package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * AdamW: {@code θ ← θ − η λ θ} on the penalized tensors, then the step of {@link Adam}. Loshchilov and Hutter 2019,
 * algorithm 2, as in PyTorch, where the whole η scales the decay (the paper scales it by the schedule's factor alone,
 * without Adam's α). PyTorch decays biases too unless told otherwise; here the layout says what is penalized. State: m
 * and v, 8 bytes a parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param epsilonInside whether ε is inside the root
 * @param biasCorrection whether the averages are freed from their start at zero
 * @param weightDecay λ, at least 0
 */
public record AdamW(
        double beta1, double beta2, double epsilon, boolean epsilonInside, boolean biasCorrection, double weightDecay)
        implements AdamRule {
    public AdamW {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.positive("epsilon", epsilon);
        Require.notNegative("weightDecay", weightDecay);
    }

    /** Adam's constants and λ = 0.01, as in PyTorch. */
    public AdamW() {
        this(0.9, 0.999, 1e-8, false, true, 0.01);
    }

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 0);
    }

    @Override
    public AtZero atZero() {
        return weightDecay == 0 ? AdamRule.super.atZero() : AtZero.MOVES;
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        WeightDecay.shrink(weightDecay, state.layout(), learningRate, parameters, from, to);
        AdamRule.super.update(state, learningRate, gradient, parameters, from, to);
    }
}
