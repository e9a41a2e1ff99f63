package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Nadam, Adam with Nesterov's momentum, which grows:
 *
 * <pre>{@code
 * μₜ = β₁ (1 − 0.96^(t ψ) / 2),   Πₜ = μ₁ μ₂ … μₜ
 * m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
 * θ ← θ − η [(1 − μₜ) g / (1 − Πₜ) + μₜ₊₁ m / (1 − Πₜ₊₁)] / (√(v/(1 − β₂ᵗ)) + ε)
 * }</pre>
 *
 * <p>Dozat 2016, algorithm 2, with its schedule of μ (ψ = 1/250 there); as in PyTorch, the average m has β₁ where the paper has μₜ. State:
 * m, v and the product Π, 8 bytes a parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param momentumDecay ψ, at least 0
 */
public record Nadam(double beta1, double beta2, double epsilon, double momentumDecay) implements ElementwiseOptimizer {
    private static final double LOG_BASE = StrictMath.log(0.96); // of the schedule of μ; Dozat 2016

    public Nadam {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.positive("epsilon", epsilon);
        Require.notNegative("momentumDecay", momentumDecay);
    }

    /** PyTorch's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8, ψ = 0.004. */
    public Nadam() {
        this(0.9, 0.999, 1e-8, 0.004);
    }

    @Override
    public String name() {
        return "nadam";
    }

    @Override
    public void check(OptimizerState state) {
        state.checkNotNegative(1);
        double product = state.scalars()[0];
        if (!(product >= 0 && product <= 1)) {
            throw new IllegalArgumentException("the product of the momenta is " + product + ", not from 0 to 1");
        }
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 1);
    }

    @Override
    public void begin(OptimizerState state) {
        long t = state.nextStep();
        double before = t == 1 ? 1 : state.scalars()[0]; // states start at zero, products at one
        state.scalars()[0] = before * momentum(t);
    }

    @Override
    public AtZero atZero() {
        return AtZero.dividedBy(epsilon, AtZero.RESTS_WITHOUT_STATE);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        long t = state.steps();
        double now = momentum(t);
        double next = momentum(t + 1);
        double product = state.scalars()[0];
        double root = Math.sqrt(1 - IntegerPower.of(beta2, t)); // √v̂ + ε = (√v + ε root) / root
        float gRate = (float) (learningRate * root * (1 - now) / (1 - product));
        float mRate = (float) (learningRate * root * next / (1 - product * next));
        float eps = (float) (epsilon * root);
        float mShare = (float) (1 - beta1);
        float vShare = (float) (1 - beta2);
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(mShare, gradient[i] - m[i], m[i]);
            v[i] = Math.fma(vShare, Math.fma(gradient[i], gradient[i], -v[i]), v[i]);
            parameters[i] -= Math.fma(gRate, gradient[i], mRate * m[i]) / ((float) Math.sqrt(v[i]) + eps);
        }
    }

    private double momentum(long t) {
        return beta1 * (1 - 0.5 * StrictMath.exp(LOG_BASE * t * momentumDecay));
    }
}
