package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * Cross-entropy of the softmax of K ≥ 2 logits, fused, the sum over outputs: {@code L = Σₖ tₖ (lse(z) − zₖ)} with {@code lse(z) =
 * log Σₖ exp zₖ}, {@code dL/dz = softmax(z) Σ t − t}.
 *
 * <p>The target is the class index [1 × n], or a distribution over the classes [K × n] (one-hot or soft). Exact for logits of
 * any size, as the largest is subtracted first. Source: Goodfellow, Bengio and Courville 2016, section 6.2.2.3.
 *
 * @param labelSmoothing ε in [0, 1), which makes t' = (1 − ε) t + ε / K of the target (Szegedy et al. 2016, section 7); then the
 *     smallest loss is not 0 but the entropy of t'
 */
public record SoftmaxCrossEntropy(double labelSmoothing) implements Loss {
    public SoftmaxCrossEntropy {
        ClassTarget.checkSmoothing(labelSmoothing);
    }

    /** Without label smoothing. */
    public SoftmaxCrossEntropy() {
        this(0);
    }

    @Override
    public String name() {
        return "softmax-cross-entropy";
    }

    /** The index of the class. A distribution over the classes is accepted, too. */
    @Override
    public Target target() {
        return Target.CLASS_INDEX;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        return ClassLoss.onLogits(name(), logits, target, labelSmoothing, false, weights, dLogits);
    }

    /** ln K. */
    @Override
    public double constantLoss(int outputs) {
        return StrictMath.log(outputs);
    }

    /** The softmax: class probabilities, summing to 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Exponential.softmax(logits, prediction);
    }
}
