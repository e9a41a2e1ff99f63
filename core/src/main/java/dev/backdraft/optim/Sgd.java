package dev.backdraft.optim;

/** Gradient descent: {@code θ ← θ − η g}; with mini-batches stochastic gradient descent (Robbins and Monro 1951). No state. */
public record Sgd() implements Optimizer {
    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 0, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        for (int i = 0; i < state.parameterCount(); i++) {
            parameters[i] = (float) (parameters[i] - learningRate * gradient[i]);
        }
    }
}
