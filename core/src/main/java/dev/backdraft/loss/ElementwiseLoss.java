package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * A loss whose row loss is made of one loss an output: {@code L = c Σₖ l(zₖ, tₖ)}, {@code dL/dzₖ = c l'(zₖ, tₖ)}, with c = 1/K
 * or 1 by the {@link #reduction}. The loop over rows and outputs is here, once; an implementation gives l and its slope.
 */
public interface ElementwiseLoss extends Loss {
    /** How the K losses of a row become one. */
    OutputReduction reduction();

    /** l(z, t), the loss of one output z against its target t. */
    double value(double z, double t);

    /** dl/dz; at a kink, where the derivative jumps, any value between its two sides. */
    double slope(double z, double t);

    @Override
    default double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        int outputs = logits.rows();
        if (target.rows() != outputs) {
            throw new IllegalArgumentException(
                    name() + ": targets " + target.shape() + " do not fit outputs " + logits.shape());
        }
        double factor = reduction().factor(outputs);
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            double w = factor * Loss.weight(weights, n);
            double loss = 0;
            for (int k = 0; k < outputs; k++) {
                double z = logits.get(k, n);
                double t = target.get(k, n);
                loss += value(z, t);
                dLogits.set(k, n, (float) (w * slope(z, t)));
            }
            sum += w * loss;
        }
        return sum;
    }
}
