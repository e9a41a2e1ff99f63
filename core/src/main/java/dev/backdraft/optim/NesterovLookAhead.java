package dev.backdraft.optim;

/**
 * Nesterov's momentum with its look ahead: {@code Δ ← α Δ − η g(θ + α Δ), θ ← θ + Δ}. Nesterov 1983 in the form of Sutskever,
 * Martens, Dahl and Hinton 2013, eq. 3–4. The gradient is taken at {@link #gradientPoint}, where the momentum alone would lead;
 * losses that come with it are of that point too. State: Δ, 4 bytes a parameter.
 *
 * @param momentum α, 0 ≤ α &lt; 1
 */
public record NesterovLookAhead(double momentum) implements ElementwiseOptimizer {
    public NesterovLookAhead {
        Settings.requireDecay("momentum", momentum);
    }

    /** The usual choice, α = 0.9. */
    public NesterovLookAhead() {
        this(0.9);
    }

    @Override
    public String name() {
        return "nesterov-look-ahead";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public float[] gradientPoint(OptimizerState state, double learningRate, float[] parameters, float[] scratch) {
        float[] delta = state.slot(0);
        System.arraycopy(parameters, 0, scratch, 0, parameters.length);
        for (int i = 0; i < state.parameterCount(); i++) {
            scratch[i] = (float) (parameters[i] + momentum * delta[i]);
        }
        return scratch;
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float mu = (float) momentum;
        float[] delta = state.slot(0);
        for (int i = from; i < to; i++) {
            delta[i] = Math.fma(mu, delta[i], -rate * gradient[i]);
            parameters[i] += delta[i];
        }
    }
}
