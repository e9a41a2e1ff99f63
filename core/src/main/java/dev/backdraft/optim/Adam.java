package dev.backdraft.optim;

/**
 * Adam: {@code m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε)} with {@code m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 −
 * β₂ᵗ)}. Kingma and Ba 2015, algorithm 1; ε is added outside the root, as there. State: m and v, 8 bytes a parameter.
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("Adam's betas must be at least 0 and below 1: " + beta1 + ", " + beta2);
        }
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("Adam's epsilon must be positive: " + epsilon);
        }
    }

    /** The paper's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public static Adam standard() {
        return new Adam(0.9, 0.999, 1e-8);
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
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        double t = state.nextStep();
        double mScale = 1 / (1 - StrictMath.pow(beta1, t)); // bias corrections
        double vScale = 1 / (1 - StrictMath.pow(beta2, t));
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        for (int i = 0; i < state.parameterCount(); i++) {
            double g = gradient[i];
            m[i] = (float) (beta1 * m[i] + (1 - beta1) * g);
            v[i] = (float) (beta2 * v[i] + (1 - beta2) * g * g);
            parameters[i] =
                    (float) (parameters[i] - learningRate * m[i] * mScale / (Math.sqrt(v[i] * vScale) + epsilon));
        }
    }
}
