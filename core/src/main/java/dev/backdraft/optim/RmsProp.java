package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * RMSProp: {@code v ← ρ v + (1 − ρ) g², θ ← θ − η g / (√v + ε)}, or {@code η g / √(v + ε)} with ε inside the root; v starts at 0
 * and is not corrected for it. Tieleman and Hinton 2012 (Coursera, lecture 6.5). PyTorch has ε outside (and ρ = 0.99),
 * TensorFlow inside. State: v, 4 bytes a parameter.
 *
 * @param decay ρ, 0 ≤ ρ &lt; 1
 * @param epsilon ε, positive
 * @param epsilonInside whether ε is inside the root
 */
public record RmsProp(double decay, double epsilon, boolean epsilonInside) implements ElementwiseOptimizer {
    public RmsProp {
        Require.fraction("decay", decay);
        Require.positive("epsilon", epsilon);
    }

    /** The lecture's ρ = 0.9, with ε = 1e-8 outside the root. */
    public RmsProp() {
        this(0.9, 1e-8, false);
    }

    @Override
    public String name() {
        return "rmsprop";
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
        return AtZero.dividedBy(epsilon, AtZero.RESTS_WITHOUT_STATE);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        double inside = epsilonInside ? epsilon : 0;
        double outside = epsilonInside ? 0 : epsilon;
        float[] v = state.slot(0);
        // in double: without bias correction first steps are 1/√(1 − ρ) times η, and so are errors
        for (int i = from; i < to; i++) {
            double g = gradient[i];
            v[i] = (float) (decay * v[i] + (1 - decay) * g * g);
            parameters[i] = (float) (parameters[i] - learningRate * g / (Math.sqrt(v[i] + inside) + outside));
        }
    }
}
