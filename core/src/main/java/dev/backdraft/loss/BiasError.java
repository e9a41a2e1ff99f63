package dev.backdraft.loss;

import java.util.Objects;

/**
 * Bias error, predicted minus true: {@code l = z − t}, {@code dl/dz = 1}. The mean over outputs, the default, gives over a batch
 * the mean bias error (MBE).
 *
 * <p>Use it as the metric {@code mean-bias-error}, not for training: positive and negative errors cancel, 0 says nothing about
 * how close predictions are, and it has no minimum, because lower outputs always make it smaller.
 */
public record BiasError(OutputReduction reduction) implements RegressionLoss {
    public BiasError {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the mean over outputs. */
    public BiasError() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "bias-error";
    }

    @Override
    public double value(double z, double t) {
        return z - t;
    }

    @Override
    public double slope(double z, double t) {
        return 1;
    }
}
