package dev.backdraft.optim;

/**
 * Nesterov's momentum with its look ahead, as an exponential average: {@code m ← β m + (1 − β) g(θ − η β m), θ ← θ − η m}.
 * Prince 2023, eq. 6.12. The gradient is taken at {@link #gradientPoint}, which uses the present η. State: m, 4 bytes a parameter.
 *
 * @param beta β, 0 ≤ β &lt; 1
 */
public record NesterovAverage(double beta) implements ElementwiseOptimizer {
    public NesterovAverage {
        Settings.requireDecay("beta", beta);
    }

    /** The book's β = 0.9. */
    public NesterovAverage() {
        this(0.9);
    }

    @Override
    public String name() {
        return "nesterov-average";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public float[] gradientPoint(OptimizerState state, double learningRate, float[] parameters, float[] scratch) {
        float[] m = state.slot(0);
        System.arraycopy(parameters, 0, scratch, 0, parameters.length);
        for (int i = 0; i < state.parameterCount(); i++) {
            scratch[i] = (float) (parameters[i] - learningRate * beta * m[i]);
        }
        return scratch;
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        float share = (float) (1 - beta);
        float[] m = state.slot(0);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(share, gradient[i] - m[i], m[i]);
            parameters[i] = Math.fma(-rate, m[i], parameters[i]);
        }
    }
}
