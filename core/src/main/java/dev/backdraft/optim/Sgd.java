package dev.backdraft.optim;

/** Gradient descent: {@code θ ← θ − η g}; with mini-batches stochastic gradient descent (Robbins and Monro 1951). No state. */
public record Sgd() implements Optimizer {
    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public OptimizerState initialState(int parameterCount) {
        return new OptimizerState(0, parameterCount);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (parameters[i] - learningRate * gradient[i]);
        }
    }
}
