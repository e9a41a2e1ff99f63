package dev.backdraft.optim;

/**
 * The heavy ball, delta form: {@code Δ ← α Δ − η g, θ ← θ + Δ}. Polyak 1964; Rumelhart, Hinton and Williams 1986 ("the change
 * of the step before is added"); TensorFlow's SGD. The learning rate is inside Δ, so after a change of η the older steps go on
 * at their own rates: that is where it differs from {@link Momentum}, PyTorch's form. State: Δ, 4 bytes a parameter.
 *
 * @param momentum α, 0 ≤ α &lt; 1
 */
public record HeavyBall(double momentum) implements ElementwiseOptimizer {
    public HeavyBall {
        Settings.requireDecay("momentum", momentum);
    }

    /** The default, α = 0.9. */
    public HeavyBall() {
        this(0.9);
    }

    @Override
    public String name() {
        return "heavy-ball";
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
        float[] delta = state.slot(0);
        for (int i = from; i < to; i++) {
            delta[i] = Math.fma(mu, delta[i], -rate * gradient[i]);
            parameters[i] += delta[i];
        }
    }
}
