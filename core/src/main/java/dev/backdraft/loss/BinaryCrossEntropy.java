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
 *
 * @param labelSmoothing ε in [0, 1), which makes t' = (1 − ε) t + ε / 2 of the target (Szegedy et al. 2016, section 7)
 */
public record BinaryCrossEntropy(OutputReduction reduction, double labelSmoothing) implements BinaryLoss {
    public BinaryCrossEntropy {
        Objects.requireNonNull(reduction, "reduction");
        ClassTarget.checkSmoothing(labelSmoothing);
    }

    /** Without label smoothing. */
    public BinaryCrossEntropy(OutputReduction reduction) {
        this(reduction, 0);
    }

    /** With the sum over outputs, and without label smoothing. */
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
        double smoothed = ClassTarget.smoothed(t, labelSmoothing);
        return -smoothed * Probability.log(z) - (1 - smoothed) * Probability.logOfRest(z);
    }

    @Override
    public double slope(double z, double t) {
        return (z - ClassTarget.smoothed(t, labelSmoothing)) / Probability.divisor(z * (1 - z));
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
