package dev.backdraft.optim;

/**
 * Adadelta: {@code v ← ρ v + (1 − ρ) g², Δ = −√(u + ε)/√(v + ε) · g, u ← ρ u + (1 − ρ) Δ², θ ← θ + η Δ}. Zeiler 2012,
 * algorithm 1, where η = 1: take a learning rate of 1, not one of gradient descent. As in PyTorch. State: v and u, 8 bytes a
 * parameter.
 *
 * @param decay ρ, 0 ≤ ρ &lt; 1
 * @param epsilon ε, positive; it also sets the size of the first steps
 */
public record Adadelta(double decay, double epsilon) implements Optimizer {
    public Adadelta {
        Settings.requireDecay("decay", decay);
        Settings.requirePositive("epsilon", epsilon);
    }

    /** The paper's ρ = 0.95, ε = 1e-6. */
    public Adadelta() {
        this(0.95, 1e-6);
    }

    @Override
    public String name() {
        return "adadelta";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        float[] v = state.slot(0);
        float[] u = state.slot(1);
        for (int i = 0; i < state.parameterCount(); i++) {
            double g = gradient[i];
            v[i] = (float) (decay * v[i] + (1 - decay) * g * g);
            double delta = -Math.sqrt(u[i] + epsilon) / Math.sqrt(v[i] + epsilon) * g;
            u[i] = (float) (decay * u[i] + (1 - decay) * delta * delta);
            parameters[i] = (float) (parameters[i] + learningRate * delta);
        }
    }
}
