package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * Cross-entropy of probabilities p of K ≥ 2 classes, for a network that ends in a softmax, the sum over outputs: {@code L = −Σₖ tₖ
 * log pₖ}, {@code dL/dp = −t / p}, each pₖ taken as a variable of its own: p is not scaled to sum to 1.
 *
 * <p>The target is the class index [1 × n], or a distribution over the classes [K × n] (one-hot or soft). At p = 0 it stays
 * finite: the logarithm counts at least −100, and the slope's divisor at least 10⁻¹²; p &lt; 0 with t &gt; 0 gives NaN, which stops
 * training at that step. {@link SoftmaxCrossEntropy} on logits is the same loss without these limits: prefer it.
 *
 * @param labelSmoothing ε in [0, 1), which makes t' = (1 − ε) t + ε / K of the target (Szegedy et al. 2016, section 7)
 */
public record CrossEntropy(double labelSmoothing) implements Loss {
    public CrossEntropy {
        ClassTarget.checkSmoothing(labelSmoothing);
    }

    /** Without label smoothing. */
    public CrossEntropy() {
        this(0);
    }

    @Override
    public String name() {
        return "cross-entropy";
    }

    /** The index of the class. A distribution over the classes is accepted, too. */
    @Override
    public Target target() {
        return Target.CLASS_INDEX;
    }

    @Override
    public OutputRange outputRange() {
        return OutputRange.PROBABILITY;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        return ClassLoss.onProbabilities(name(), logits, target, labelSmoothing, false, weights, dLogits);
    }

    /** The outputs as they are: class probabilities. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.identity(logits, prediction);
    }
}
