package dev.backdraft.loss;

import java.util.Objects;

/**
 * Absolute error, {@code l = |z − t|}, {@code dl/dz = sign(z − t)}, 0 at the kink z = t. The mean over outputs, the default,
 * gives over a batch the mean absolute error (MAE). Minimized by the median of t.
 */
public record AbsoluteError(OutputReduction reduction) implements RegressionLoss {
    public AbsoluteError {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the mean over outputs. */
    public AbsoluteError() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "absolute-error";
    }

    @Override
    public double value(double z, double t) {
        return Math.abs(z - t);
    }

    @Override
    public double slope(double z, double t) {
        return Math.signum(z - t);
    }
}
