package dev.backdraft.optim;

/**
 * Momentum as an exponential average of the gradients: {@code m ← β m + (1 − β) g, θ ← θ − η m̂} with {@code m̂ = m}, or {@code
 * m̂ = m/(1 − βᵗ)} for t = 1, 2, … with bias correction. Prince 2023, eq. 6.11; the correction is Adam's (Kingma and Ba 2015).
 * Without the correction it is {@link Momentum} at the rate (1 − β) η; PyTorch has it as {@code dampening} = β, but for its first
 * step. State: m, 4 bytes a parameter.
 *
 * @param beta β, 0 ≤ β &lt; 1
 * @param biasCorrection whether the average is freed from its start at zero
 */
public record AverageMomentum(double beta, boolean biasCorrection) implements ElementwiseOptimizer {
    public AverageMomentum {
        Settings.requireDecay("beta", beta);
    }

    /** The book's form: β = 0.9, no correction. */
    public AverageMomentum() {
        this(0.9, false);
    }

    @Override
    public String name() {
        return "average-momentum";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        double correction = biasCorrection ? 1 - IntegerPower.of(beta, state.steps()) : 1;
        float rate = (float) (learningRate / correction);
        float share = (float) (1 - beta);
        float[] m = state.slot(0);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(share, gradient[i] - m[i], m[i]);
            parameters[i] = Math.fma(-rate, m[i], parameters[i]);
        }
    }
}
