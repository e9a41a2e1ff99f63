package dev.backdraft.optim;

import dev.backdraft.json.Require;
import dev.backdraft.tensor.Tensor;
import java.io.Serializable;

/**
 * L1 and L2 regularization, together the elastic net (Zou and Hastie 2005): the objective is
 *
 * <pre>{@code E = mean loss + (l1 ‖w‖₁ + l2 ½‖w‖₂²) / N}</pre>
 *
 * <p>where each tensor's share is multiplied by its {@linkplain ParameterLayout#decayFactor factor},
 * with N the rows of the training set, whatever the batch, and w the penalized tensors of the layout; its gradient
 * gets {@code (l2 w + l1 sign w)/N}, sign 0 = 0. Nielsen 2015, ch. 3, for the λ/N; he halves L1 nowhere, nor do we.
 * PyTorch's {@code weight_decay} is l2/N here, and on biases too. To be added after clipping and before the optimizer.
 *
 * @param l1 λ of the L1 penalty, at least 0; 0 for none
 * @param l2 λ of the L2 penalty, at least 0; 0 for none
 */
public record Penalty(double l1, double l2) implements Serializable {
    public Penalty {
        Require.notNegative("l1", l1);
        Require.notNegative("l2", l2);
    }

    /** No penalty. */
    public Penalty() {
        this(0, 0);
    }

    /** Whether it is 0 everywhere. */
    public boolean isNone() {
        return l1 == 0 && l2 == 0;
    }

    /**
     * The penalty (l1 ‖w‖₁ + l2 ½‖w‖₂²) / N, summed in double in the order of the entries.
     *
     * @param parameters read
     * @param trainingRows N: rows of the training set, whatever their weights; positive
     */
    public double value(ParameterLayout layout, float[] parameters, double trainingRows) {
        Require.positive("trainingRows", trainingRows);
        if (isNone()) {
            return 0;
        }
        double absolutes = 0;
        double squares = 0;
        for (Tensor tensor : layout.tensors()) {
            double factor = layout.decayFactor(tensor);
            if (factor != 0) {
                for (int i = tensor.offset(); i < tensor.end(); i++) {
                    double w = parameters[i];
                    absolutes += factor * Math.abs(w);
                    squares += factor * w * w;
                }
            }
        }
        return (l1 * absolutes + l2 * squares / 2) / trainingRows;
    }

    /**
     * Adds (l2 w + l1 sign w)/N to the gradient of the mean loss.
     *
     * @param parameters w is in it; read
     * @param trainingRows N: rows of the training set, whatever their weights; positive
     * @param gradient <b>added to</b> in the penalized tensors
     */
    public void addGradient(ParameterLayout layout, float[] parameters, double trainingRows, float[] gradient) {
        addGradient(layout, parameters, trainingRows, gradient, 0, layout.parameterCount());
    }

    /** Does the same for the entries from (inclusive) to (exclusive) only. */
    public void addGradient(
            ParameterLayout layout, float[] parameters, double trainingRows, float[] gradient, int from, int to) {
        Require.positive("trainingRows", trainingRows);
        if (isNone()) {
            return;
        }
        for (Tensor tensor : layout.tensors()) {
            double factor = layout.decayFactor(tensor);
            if (factor != 0) {
                float scale1 = (float) (factor * l1 / trainingRows);
                float scale2 = (float) (factor * l2 / trainingRows);
                int end = Math.min(to, tensor.end());
                for (int i = Math.max(from, tensor.offset()); i < end; i++) {
                    float w = parameters[i];
                    gradient[i] += Math.fma(scale2, w, scale1 * Math.signum(w));
                }
            }
        }
    }
}
