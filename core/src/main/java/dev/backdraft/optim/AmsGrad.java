package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * AMSGrad: Adam whose v never shrinks, {@code m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², x ← max(x, v), θ ← θ − η m̂ / (√x̂ +
 * ε)}. Reddi, Kale and Kumar 2018. Two forms: with bias correction, {@code m̂ = m/(1 − β₁ᵗ), x̂ = x/(1 − β₂ᵗ)}, as in PyTorch,
 * which takes the maximum before it corrects; without, m̂ = m and x̂ = x, algorithm 2 of the paper. State: m, v and x, 12 bytes a
 * parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param epsilonInside whether ε is inside the root
 * @param biasCorrection PyTorch's form, or the paper's without
 */
public record AmsGrad(double beta1, double beta2, double epsilon, boolean epsilonInside, boolean biasCorrection)
        implements ElementwiseOptimizer {
    public AmsGrad {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.positive("epsilon", epsilon);
    }

    /** PyTorch's form with Adam's constants. */
    public AmsGrad() {
        this(0.9, 0.999, 1e-8, false, true);
    }

    @Override
    public String name() {
        return "amsgrad";
    }

    @Override
    public void check(OptimizerState state) {
        state.checkNotNegative(1, 2);
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 3, 0);
    }

    @Override
    public AtZero atZero() {
        return AtZero.dividedBy(epsilon, AtZero.RESTS_WITHOUT_STATE);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        long t = state.steps();
        double mCorrection = biasCorrection ? 1 - IntegerPower.of(beta1, t) : 1;
        double vCorrection = biasCorrection ? 1 - IntegerPower.of(beta2, t) : 1;
        float rate = (float) (learningRate / mCorrection * Math.sqrt(vCorrection)); // √v̂ + ε = (√v + ε √c) / √c
        float inside = (float) (epsilonInside ? epsilon * vCorrection : 0);
        float outside = (float) (epsilonInside ? 0 : epsilon * Math.sqrt(vCorrection));
        float mShare = (float) (1 - beta1);
        float vShare = (float) (1 - beta2);
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        float[] x = state.slot(2);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(mShare, gradient[i] - m[i], m[i]);
            v[i] = Math.fma(vShare, Math.fma(gradient[i], gradient[i], -v[i]), v[i]);
            x[i] = Math.max(x[i], v[i]);
            float unit = m[i] / ((float) Math.sqrt(x[i] + inside) + outside);
            parameters[i] = Math.fma(-rate, unit, parameters[i]);
        }
    }
}
