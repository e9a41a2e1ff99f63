package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Half the deviance of a positive amount t under the gamma distribution of mean μ, with z = log μ:
 * {@code l = t/μ − log(t/μ) − 1}, {@code dl/dz = 1 − t/μ}. It is 0 at μ = t, and depends on the ratio t/μ only, so an
 * error of ten percent counts the same for small and large amounts. Targets are above 0 and are not standardized.
 * Minimized by the mean of t. McCullagh and Nelder 1989, chapter 8.
 */
public record Gamma(OutputReduction reduction) implements ElementwiseLoss {
    public Gamma {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the mean over outputs. */
    public Gamma() {
        this(OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "gamma";
    }

    @Override
    public Target target() {
        return Target.POSITIVE;
    }

    /**
     * The loss of one output.
     *
     * @throws IllegalArgumentException when t is not above 0
     */
    @Override
    public double value(double z, double t) {
        if (t <= 0) {
            throw new IllegalArgumentException("gamma: a target must be above 0: " + t);
        }
        return t * Exponential.exp(-z) + z - StrictMath.log(t) - 1;
    }

    @Override
    public double slope(double z, double t) {
        return 1 - t * Exponential.exp(-z);
    }

    /** The means μ. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.exp(logits, prediction);
    }
}
