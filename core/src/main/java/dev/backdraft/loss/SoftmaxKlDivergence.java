package dev.backdraft.loss;

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

    /** A distribution: one number a class. An index is taken too, and then is certain. */
    @Override
    public int labelSize(int outputSize) {
        return outputSize;
    }

    @Override
    public boolean classifies() {
        return true;
    }

    @Override
    public int classCount(int outputSize) {
        return outputSize;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        return ClassLoss.onLogits(name(), logits, target, 0, true, weights, dLogits);
    }

    @Override
    public double correct(Matrix logits, Matrix target, float[] weights) {
        return ClassTarget.correct(logits, target, weights);
    }

    /** The softmax: class probabilities, summing to 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.softmax(logits, prediction);
    }
}
