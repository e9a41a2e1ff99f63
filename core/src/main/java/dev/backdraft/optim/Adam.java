package dev.backdraft.optim;

/**
 * Adam: {@code m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε)} with {@code m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 −
 * β₂ᵗ)}, t = 1, 2, … Kingma and Ba 2015, algorithm 1, as in PyTorch. ε may stand inside the root, {@code η m̂ / √(v̂ + ε)}
 * (some lecture notes have it so), and the correction of the bias may be left out, m̂ = m and v̂ = v. State: m and v,
 * 8 bytes a parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param epsilonInside whether ε stands inside the root
 * @param biasCorrection whether the averages are freed from their start at zero
 */
public record Adam(double beta1, double beta2, double epsilon, boolean epsilonInside, boolean biasCorrection)
        implements ElementwiseOptimizer {
    public Adam {
        Settings.requireDecay("beta1", beta1);
        Settings.requireDecay("beta2", beta2);
        Settings.requirePositive("epsilon", epsilon);
    }

    /** The paper's form. */
    public Adam(double beta1, double beta2, double epsilon) {
        this(beta1, beta2, epsilon, false, true);
    }

    /** The paper's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public Adam() {
        this(0.9, 0.999, 1e-8);
    }

    @Override
    public String name() {
        return "adam";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 0);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        double t = state.steps();
        double mCorrection = biasCorrection ? 1 - StrictMath.pow(beta1, t) : 1;
        double vCorrection = biasCorrection ? 1 - StrictMath.pow(beta2, t) : 1;
        float rate = (float) (learningRate / mCorrection * Math.sqrt(vCorrection)); // √v̂ + ε = (√v + ε √c) / √c
        float inside = (float) (epsilonInside ? epsilon * vCorrection : 0);
        float outside = (float) (epsilonInside ? 0 : epsilon * Math.sqrt(vCorrection));
        float mShare = (float) (1 - beta1);
        float vShare = (float) (1 - beta2);
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(mShare, gradient[i] - m[i], m[i]);
            v[i] = Math.fma(vShare, Math.fma(gradient[i], gradient[i], -v[i]), v[i]);
            float unit = m[i] / ((float) Math.sqrt(v[i] + inside) + outside);
            parameters[i] = Math.fma(-rate, unit, parameters[i]);
        }
    }
}
