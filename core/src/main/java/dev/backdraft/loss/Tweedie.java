package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Half the deviance of an amount t ≥ 0 under the Tweedie distribution of mean μ and variance φ μᵖ, with 1 &lt; p &lt; 2
 * and z = log μ: {@code l = t^(2−p)/((1−p)(2−p)) − t μ^(1−p)/(1−p) + μ^(2−p)/(2−p)},
 * {@code dl/dz = μ^(2−p) − t μ^(1−p)}. It is 0 at μ = t. For amounts of which many are exactly 0 and the others are
 * positive, such as claims of insurance: a Poisson number of gamma amounts. {@link Poisson} is p = 1, and {@link Gamma}
 * p = 2.
 *
 * <p>Targets are not standardized. Minimized by the mean of t. Jørgensen 1987, "Exponential dispersion models".
 *
 * @param power p, above 1 and below 2
 * @param reduction over outputs
 */
public record Tweedie(double power, OutputReduction reduction) implements ElementwiseLoss {
    public Tweedie {
        if (!(power > 1 && power < 2)) {
            throw new IllegalArgumentException(
                    "power must be above 1, which is poisson, and below 2, which is gamma: " + power);
        }
        Objects.requireNonNull(reduction, "reduction");
    }

    /** p = 1.5, with the mean over outputs. */
    public Tweedie() {
        this(1.5, OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "tweedie";
    }

    /** An amount of 0 or more. */
    @Override
    public Target target() {
        return Target.COUNT;
    }

    /**
     * The loss of one output.
     *
     * @throws IllegalArgumentException when t is negative
     */
    @Override
    public double value(double z, double t) {
        if (t < 0) {
            throw new IllegalArgumentException("tweedie: a target must not be negative: " + t);
        }
        double a = 1 - power;
        double b = 2 - power;
        return StrictMath.pow(t, b) / (a * b) - t * Exponential.exp(a * z) / a + Exponential.exp(b * z) / b;
    }

    @Override
    public double slope(double z, double t) {
        return Exponential.exp((2 - power) * z) - t * Exponential.exp((1 - power) * z);
    }

    /** The means μ. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.exp(logits, prediction);
    }
}
