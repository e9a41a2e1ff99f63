package dev.backdraft.optim;

import dev.backdraft.json.Require;
import dev.backdraft.tensor.Tensor;

/**
 * LAMB, Adam with a step per layer as long as the layer's weights allow, for large batches. For each tensor of the
 * layout
 *
 * <pre>{@code
 * m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
 * u = m̂ / (√v̂ + ε) + λ θ   with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
 * θ ← θ − η ‖θ‖/‖u‖ u      (ratio 1 where one of the norms is 0)
 * }</pre>
 *
 * <p>You et al. 2020, algorithm 2, with φ the identity; λ acts on the penalized tensors alone. A weight matrix and its
 * bias are two tensors, as in the authors' code. State: m and v, 8 bytes a parameter.
 *
 * @param beta1 β₁, 0 ≤ β₁ &lt; 1
 * @param beta2 β₂, 0 ≤ β₂ &lt; 1
 * @param epsilon ε, positive
 * @param weightDecay λ, at least 0
 */
public record Lamb(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    public Lamb {
        Require.fraction("beta1", beta1);
        Require.fraction("beta2", beta2);
        Require.positive("epsilon", epsilon);
        Require.notNegative("weightDecay", weightDecay);
    }

    /** The paper's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-6, λ = 0.01. */
    public Lamb() {
        this(0.9, 0.999, 1e-6, 0.01);
    }

    @Override
    public String name() {
        return "lamb";
    }

    @Override
    public void check(OptimizerState state) {
        state.checkNotNegative(1);
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 2, 0);
    }

    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        long t = state.nextStep();
        double mScale = 1 / (1 - IntegerPower.of(beta1, t));
        double vScale = 1 / (1 - IntegerPower.of(beta2, t));
        for (Tensor tensor : state.layout().tensors()) {
            stepTensor(state, tensor, mScale, vScale, learningRate, gradient, parameters);
        }
    }

    private void stepTensor(
            OptimizerState state,
            Tensor tensor,
            double mScale,
            double vScale,
            double learningRate,
            float[] gradient,
            float[] parameters) {
        double decay = weightDecay * state.layout().decayFactor(tensor);
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        double updateSquares = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
            double g = gradient[i];
            m[i] = (float) (beta1 * m[i] + (1 - beta1) * g);
            v[i] = (float) (beta2 * v[i] + (1 - beta2) * g * g);
            double u = m[i] * mScale / (Math.sqrt(v[i] * vScale) + epsilon) + decay * parameters[i];
            updateSquares += u * u;
        }
        double weightNorm = Norms.euclidean(parameters, tensor.offset(), tensor.end());
        double ratio = weightNorm > 0 && updateSquares > 0 ? weightNorm / Math.sqrt(updateSquares) : 1;
        double rate = learningRate * ratio;
        for (int i = tensor.offset(); i < tensor.end(); i++) { // u again: cheaper than another vector
            double u = m[i] * mScale / (Math.sqrt(v[i] * vScale) + epsilon) + decay * parameters[i];
            parameters[i] = (float) (parameters[i] - rate * u);
        }
    }
}
