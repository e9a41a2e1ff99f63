package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * AdaGrad: {@code s ← s + g², θ ← θ − η g / (√s + ε)}, or {@code η g / √(s + ε)} with ε inside the root; s starts at 0. Duchi,
 * Hazan and Singer 2011, diagonal form. PyTorch has ε outside, TensorFlow inside with s from 0.1. State: s, 4 bytes a parameter.
 *
 * @param epsilon ε, positive
 * @param epsilonInside whether ε is inside the root
 */
public record AdaGrad(double epsilon, boolean epsilonInside) implements ElementwiseOptimizer {
    public AdaGrad {
        Require.positive("epsilon", epsilon);
    }

    /** ε = 1e-10 outside the root, as in PyTorch. */
    public AdaGrad() {
        this(1e-10, false);
    }

    @Override
    public String name() {
        return "adagrad";
    }

    @Override
    public void check(OptimizerState state) {
        state.checkNotNegative(0);
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public AtZero atZero() {
        return AtZero.dividedBy(epsilon, AtZero.RESTS);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float inside = (float) (epsilonInside ? epsilon : 0);
        float outside = (float) (epsilonInside ? 0 : epsilon);
        float[] s = state.slot(0);
        for (int i = from; i < to; i++) {
            s[i] = Math.fma(gradient[i], gradient[i], s[i]);
            float unit = gradient[i] / ((float) Math.sqrt(s[i] + inside) + outside);
            parameters[i] = Math.fma(-rate, unit, parameters[i]);
        }
    }
}
