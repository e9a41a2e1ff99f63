package dev.backdraft.optim;

import java.io.Serializable;

/**
 * Decoupled weight decay for any optimiser: before the step, {@code θ ← θ − η λ θ} on the penalised groups. Loshchilov and Hutter
 * 2019; with plain gradient descent it is the L2 {@link Penalty}, with rules that rescale the gradient it is not. {@link AdamW},
 * {@link Lion} and {@link Lamb} have their own.
 *
 * @param rate λ, at least 0; 0 for none. Not divided by the number of rows.
 */
public record WeightDecay(double rate) implements Serializable {
    public WeightDecay {
        Settings.requireNotNegative("weight decay", rate);
    }

    /** λ = 0.01. */
    public WeightDecay() {
        this(0.01);
    }

    /**
     * Shrinks the weights; to be called before the optimiser's step.
     *
     * @param learningRate η of the step
     * @param parameters θ; changed in the penalised groups
     */
    public void apply(ParameterLayout layout, double learningRate, float[] parameters) {
        if (rate == 0) {
            return;
        }
        double kept = 1 - learningRate * rate;
        for (int group = 0; group < layout.groups().size(); group++) {
            ParameterLayout.Group run = layout.groups().get(group);
            if (run.penalized()) {
                for (int i = run.offset(); i < run.end(); i++) {
                    parameters[i] = (float) (kept * parameters[i]);
                }
            }
        }
    }
}
