package dev.backdraft.optim;

/** Gradient descent: {@code θ ← θ − η g}; with mini-batches stochastic gradient descent (Robbins and Monro 1951). No state. */
public record Sgd() implements ElementwiseOptimizer {
    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 0, 0);
    }

    @Override
    public AtZero atZero() {
        return AtZero.RESTS;
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float rate = (float) learningRate;
        for (int i = from; i < to; i++) {
            parameters[i] = Math.fma(-rate, gradient[i], parameters[i]);
        }
    }
}
