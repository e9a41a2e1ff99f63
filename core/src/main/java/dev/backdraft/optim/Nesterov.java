package dev.backdraft.optim;

/**
 * Nesterov's momentum, the velocity form: {@code v ← μ v + g, θ ← θ − η (g + μ v)}. Nesterov 1983, rewritten by Bengio,
 * Boulanger-Lewandowski and Pascanu 2013 so that the gradient is taken at θ itself: PyTorch's SGD with {@code nesterov=True}.
 * Its θ is the looked-ahead point of {@link NesterovLookAhead}. State: v, 4 bytes a parameter.
 *
 * @param momentum μ, 0 ≤ μ &lt; 1
 */
public record Nesterov(double momentum) implements ElementwiseOptimizer {
    public Nesterov {
        Settings.requireDecay("momentum", momentum);
    }

    /** The usual choice, μ = 0.9. */
    public Nesterov() {
        this(0.9);
    }

    @Override
    public String name() {
        return "nesterov";
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
            parameters[i] = Math.fma(-rate, Math.fma(mu, v[i], gradient[i]), parameters[i]);
        }
    }
}
