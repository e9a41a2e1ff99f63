package dev.backdraft.optim;

/**
 * Gradient descent with momentum, the velocity form of PyTorch: {@code v ← μ v + g, θ ← θ − η v}. Polyak 1964; the learning
 * rate is outside the velocity, so a change of η acts at once. State: v, 4 bytes a parameter.
 *
 * @param momentum μ, 0 ≤ μ < 1
 */
public record Momentum(double momentum) implements Optimizer {
    public Momentum {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum must be at least 0 and below 1: " + momentum);
        }
    }

    /** The usual choice, μ = 0.9. */
    public static Momentum standard() {
        return new Momentum(0.9);
    }

    @Override
    public String name() {
        return "momentum";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        float[] v = state.slot(0);
        for (int i = 0; i < state.parameterCount(); i++) {
            v[i] = (float) (momentum * v[i] + gradient[i]);
            parameters[i] = (float) (parameters[i] - learningRate * v[i]);
        }
    }
}
