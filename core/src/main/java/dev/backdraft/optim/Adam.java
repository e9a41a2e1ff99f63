package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Adam: {@code m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε)} with {@code m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 −
 * β₂ᵗ)}, t = 1, 2, … Kingma and Ba 2015, algorithm 1, as in PyTorch. ε may be inside the root, {@code η m̂ / √(v̂ + ε)} (some
 * lecture notes have it so), and the correction of the bias may be switched off, m̂ = m and v̂ = v. State: m and v, 8 bytes a
 * parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param epsilonInside whether ε is inside the root
 * @param biasCorrection whether the averages are freed from their start at zero
 */
public record Adam(double beta1, double beta2, double epsilon, boolean epsilonInside, boolean biasCorrection)
        implements AdamRule {
    public Adam {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.positive("epsilon", epsilon);
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
}
