package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Binary cross-entropy of probabilities p, for a network that ends in a sigmoid: {@code l = −t log p − (1 − t) log(1 − p)},
 * {@code dl/dp = (p − t) / (p (1 − p))}, targets in [0, 1]. The default is the sum over outputs.
 *
 * <p>At p = 0 and p = 1 it stays finite as PyTorch's does: a logarithm counts at least −100, and the slope's divisor at least
 * 10⁻¹². Outside [0, 1] the loss is NaN, which stops training at that step. {@link SigmoidCrossEntropy} on logits is the same
 * loss without these limits and without the rounding of p near 1: prefer it.
 */
public record BinaryCrossEntropy(OutputReduction reduction) implements BinaryLoss {
    public BinaryCrossEntropy {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the sum over outputs. */
    public BinaryCrossEntropy() {
        this(OutputReduction.SUM);
    }

    @Override
    public String name() {
        return "binary-cross-entropy";
    }

    @Override
    public Target target() {
        return Target.PROBABILITY_OF_YES;
    }

    @Override
    public OutputRange outputRange() {
        return OutputRange.PROBABILITY;
    }

    @Override
    public double value(double z, double t) {
        return -t * Probability.log(z) - (1 - t) * Probability.logOfRest(z);
    }

    @Override
    public double slope(double z, double t) {
        return (z - t) / Probability.divisor(z * (1 - z));
    }

    /** One half. */
    @Override
    public double boundary() {
        return 0.5;
    }

    /** The outputs as they are: probabilities of class 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.identity(logits, prediction);
    }
}
