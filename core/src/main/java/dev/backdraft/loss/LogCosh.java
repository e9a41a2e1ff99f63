package dev.backdraft.loss;

import java.util.Objects;

/**
 * Logarithm of the hyperbolic cosine of r = z − t: {@code l = log cosh r = |r| + log(1 + e^−2|r|) − log 2}, {@code dl/dz = tanh
 * r}. About r² / 2 near the target and |r| − log 2 far from it, smooth everywhere. The second form does not overflow.
 */
public record LogCosh(OutputReduction reduction) implements RegressionLoss {
    private static final double LOG_2 = StrictMath.log(2);

    public LogCosh {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the mean over outputs. */
    public LogCosh() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "log-cosh";
    }

    @Override
    public double value(double z, double t) {
        double distance = Math.abs(z - t);
        return distance + StrictMath.log1p(StrictMath.exp(-2 * distance)) - LOG_2;
    }

    @Override
    public double slope(double z, double t) {
        return StrictMath.tanh(z - t);
    }
}
