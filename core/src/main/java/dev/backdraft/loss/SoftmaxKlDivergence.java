package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * Kullback and Leibler's divergence from the softmax of K ≥ 2 logits to a target distribution t, fused, the sum over outputs:
 * {@code L = KL(t ‖ softmax z) = Σₖ tₖ (log tₖ + lse(z) − zₖ)} with 0 log 0 = 0, {@code dL/dz = softmax(z) Σ t − t}.
 *
 * <p>It has the gradient of {@link SoftmaxCrossEntropy} and is less by the entropy of t, so that it is 0 when the network gives t:
 * what distillation and policies are trained on. Exact for logits of any size. Kullback and Leibler 1951.
 */
public record SoftmaxKlDivergence() implements Loss {
    @Override
    public String name() {
        return "softmax-kl-divergence";
    }

    /** A distribution over the classes. A class index is accepted, too: that class then has the probability 1. */
    @Override
    public Target target() {
        return Target.DISTRIBUTION;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        return ClassLoss.onLogits(name(), logits, target, 0, true, weights, dLogits);
    }

    /** The softmax: class probabilities, summing to 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Exponential.softmax(logits, prediction);
    }
}
