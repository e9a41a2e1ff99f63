package dev.backdraft.loss;

import java.util.Objects;

/**
 * Bias error, predicted minus true: {@code l = z − t}, {@code dl/dz = 1}; or, in the other order, {@code l = t − z},
 * {@code dl/dz = −1}. The mean over outputs, the default, gives over a batch the mean bias error (MBE).
 *
 * <p>Use it as the metric {@code mean-bias-error}, not for training: positive and negative errors cancel, 0 says nothing about
 * how close predictions are, and it has no minimum, because lower outputs (in the other order, higher ones) always make it smaller.
 */
public record BiasError(OutputReduction reduction, BiasOrder order) implements RegressionLoss {
    public BiasError {
        Objects.requireNonNull(reduction, "reduction");
        Objects.requireNonNull(order, "order");
    }

    /** Predicted minus true. */
    public BiasError(OutputReduction reduction) {
        this(reduction, BiasOrder.PREDICTED_MINUS_TRUE);
    }

    /** Predicted minus true, with the mean over outputs. */
    public BiasError() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "bias-error";
    }

    @Override
    public double value(double z, double t) {
        return order == BiasOrder.PREDICTED_MINUS_TRUE ? z - t : t - z;
    }

    @Override
    public double slope(double z, double t) {
        return order == BiasOrder.PREDICTED_MINUS_TRUE ? 1 : -1;
    }
}
