package dev.backdraft.optim;

/** A rule of a user's own, {@code θ ← θ − η sign g}: known by the service file of these tests alone. */
public record SignDescent() implements Optimizer {
    @Override
    public String name() {
        return "users-sign-descent";
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 0, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        for (int i = 0; i < state.parameterCount(); i++) {
            parameters[i] = (float) (parameters[i] - learningRate * Math.signum(gradient[i]));
        }
    }
}
