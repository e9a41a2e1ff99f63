package dev.backdraft.optim;

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
public record Nadam(double beta1, double beta2, double epsilon, double momentumDecay) implements Optimizer {
    private static final double BASE = 0.96; // of the schedule of μ; Dozat 2016

    public Nadam {
        Settings.requireDecay("beta1", beta1);
        Settings.requireDecay("beta2", beta2);
        Settings.requirePositive("epsilon", epsilon);
        Settings.requireNotNegative("momentumDecay", momentumDecay);
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
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 1);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        long t = state.nextStep();
        double now = momentum(t);
        double next = momentum(t + 1);
        double product = t == 1 ? now : state.scalars()[0] * now; // states start at zero, products at one
        state.scalars()[0] = product;
        double gRate = learningRate * (1 - now) / (1 - product);
        double mRate = learningRate * next / (1 - product * next);
        double vScale = 1 / (1 - StrictMath.pow(beta2, (double) t));
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        for (int i = 0; i < state.parameterCount(); i++) {
            double g = gradient[i];
            m[i] = (float) (beta1 * m[i] + (1 - beta1) * g);
            v[i] = (float) (beta2 * v[i] + (1 - beta2) * g * g);
            parameters[i] = (float) (parameters[i] - (gRate * g + mRate * m[i]) / (Math.sqrt(v[i] * vScale) + epsilon));
        }
    }

    private double momentum(long t) {
        return beta1 * (1 - 0.5 * StrictMath.pow(BASE, t * momentumDecay));
    }
}
