package dev.backdraft.optim;

import dev.backdraft.json.Require;
import dev.backdraft.tensor.Tensor;
import java.io.Serializable;

/**
 * Decoupled weight decay for any optimizer: before the step, {@code θ ← θ − η λ θ} on the penalized tensors, with λ
 * times the {@linkplain ParameterLayout#decayFactor factor} of each. Loshchilov and Hutter 2019; with plain gradient
 * descent it is the L2 {@link Penalty}, with rules that rescale the gradient it is not. {@link AdamW}, {@link Lion} and
 * {@link Lamb} have their own.
 *
 * @param rate λ, at least 0; 0 for none. Not divided by the number of rows.
 */
public record WeightDecay(double rate) implements Serializable {
    public WeightDecay {
        Require.notNegative("weight decay", rate);
    }

    /** λ = 0.01. */
    public WeightDecay() {
        this(0.01);
    }

    /**
     * Shrinks the weights; to be called before the optimizer's step.
     *
     * @param learningRate η of the step
     * @param parameters θ; changed in the penalized tensors
     */
    public void apply(ParameterLayout layout, double learningRate, float[] parameters) {
        apply(layout, learningRate, parameters, 0, layout.parameterCount());
    }

    /** Does the same for the entries from (inclusive) to (exclusive) only. */
    public void apply(ParameterLayout layout, double learningRate, float[] parameters, int from, int to) {
        shrink(rate, layout, learningRate, parameters, from, to);
    }

    /** Does the same at a given rate, for rules that have the decay among their settings. */
    static void shrink(double rate, ParameterLayout layout, double learningRate, float[] parameters, int from, int to) {
        if (rate == 0) {
            return;
        }
        for (Tensor tensor : layout.tensors()) {
            double factor = layout.decayFactor(tensor);
            if (factor != 0) {
                float lost = (float) (learningRate * rate * factor); // 1 − ηλ would lose the last digits of a small ηλ
                int end = Math.min(to, tensor.end());
                for (int i = Math.max(from, tensor.offset()); i < end; i++) {
                    parameters[i] = Math.fma(-lost, parameters[i], parameters[i]);
                }
            }
        }
    }
}
