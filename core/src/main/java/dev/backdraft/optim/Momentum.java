package dev.backdraft.optim;

/**
 * Gradient descent with momentum, the velocity form: {@code v ← μ v + g, θ ← θ − η v}. Polyak 1964, as in PyTorch's SGD
 * without dampening. The learning rate is outside the velocity, so a change of η acts at once; with a constant η it is {@link
 * HeavyBall}. State: v, 4 bytes a parameter.
 *
 * @param momentum μ, 0 ≤ μ &lt; 1
 */
public record Momentum(double momentum) implements ElementwiseOptimizer {
    public Momentum {
        Settings.requireDecay("momentum", momentum);
    }

    /** The default, μ = 0.9. */
    public Momentum() {
        this(0.9);
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
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float mu = (float) momentum;
        float[] v = state.slot(0);
        for (int i = from; i < to; i++) {
            v[i] = Math.fma(mu, v[i], gradient[i]);
            parameters[i] = Math.fma(-rate, v[i], parameters[i]);
        }
    }
}
