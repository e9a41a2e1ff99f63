package dev.backdraft.loss;

import java.util.Objects;

/**
 * Squared error, {@code l = (z − t)²}, {@code dl/dz = 2 (z − t)}. The mean over outputs, the default, gives over a batch the
 * usual mean squared error (MSE), 1/(N K) Σ r²; there is no factor one half. Minimized by the mean of t.
 */
public record SquaredError(OutputReduction reduction) implements RegressionLoss {
    public SquaredError {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the mean over outputs. */
    public SquaredError() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "squared-error";
    }

    /** The variance of the values, 1 for each output. */
    @Override
    public double constantLoss(int outputs) {
        return reduction == OutputReduction.SUM ? outputs : 1;
    }

    @Override
    public double value(double z, double t) {
        return (z - t) * (z - t);
    }

    @Override
    public double slope(double z, double t) {
        return 2 * (z - t);
    }
}
