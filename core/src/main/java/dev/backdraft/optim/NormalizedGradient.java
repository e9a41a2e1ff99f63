package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * Normalized gradient descent: {@code θ ← θ − η g / (‖g‖₂ + ε)}, one norm over all parameters, so that each step is η long
 * however steep the slope. Shor 1985; Nesterov 2004, section 3.2.3. No state.
 *
 * @param epsilon ε, positive
 */
public record NormalizedGradient(double epsilon) implements Optimizer {
    public NormalizedGradient {
        Require.positive("epsilon", epsilon);
    }

    /** ε = 1e-12. */
    public NormalizedGradient() {
        this(1e-12);
    }

    @Override
    public String name() {
        return "normalized-gradient";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 0, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        double rate = learningRate / (Norms.euclidean(gradient, 0, state.parameterCount()) + epsilon);
        for (int i = 0; i < state.parameterCount(); i++) {
            parameters[i] = (float) (parameters[i] - rate * gradient[i]);
        }
    }
}
