package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * Kullback and Leibler's divergence from probabilities p of K ≥ 2 classes to a target distribution t, for a network that ends in a
 * softmax, the sum over outputs: {@code L = KL(t ‖ p) = Σₖ tₖ log(tₖ / pₖ)} with 0 log 0 = 0, {@code dL/dp = −t / p}, each pₖ
 * taken as a variable of its own. It is 0 when p = t, and has the gradient of {@link CrossEntropy}: it is less by the entropy of t.
 *
 * <p>At p = 0 it stays finite: the logarithm of p counts at least −100, and the slope's divisor at least 10⁻¹²; p &lt; 0 with
 * t &gt; 0 gives NaN, which stops training at that step. {@link SoftmaxKlDivergence} on logits is the same loss without these
 * limits: prefer it. Kullback and Leibler 1951.
 */
public record KlDivergence() implements Loss {
    @Override
    public String name() {
        return "kl-divergence";
    }

    /** A distribution over the classes. A class index is accepted, too: that class then has the probability 1. */
    @Override
    public Target target() {
        return Target.DISTRIBUTION;
    }

    @Override
    public OutputRange outputRange() {
        return OutputRange.PROBABILITY;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        return ClassLoss.onProbabilities(name(), logits, target, 0, true, weights, dLogits);
    }

    /** The outputs as they are: class probabilities. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.identity(logits, prediction);
    }
}
