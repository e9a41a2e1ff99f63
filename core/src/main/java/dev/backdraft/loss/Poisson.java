package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Negative log-likelihood of a count t under the Poisson distribution of rate λ, {@code l = λ − t log λ}. The term log t!, which
 * does not depend on the network, is omitted, and so is Stirling's approximation of it.
 *
 * <ul>
 *   <li>{@link PoissonForm#LOG_RATE}, z = log λ: {@code l = e^z − t z}, {@code dl/dz = e^z − t}.
 *   <li>{@link PoissonForm#RATE}, z = λ: {@code l = z − t log z}, {@code dl/dz = 1 − t / z}. At z = 0 the logarithm counts −100
 *       and t is divided by 10⁻¹², so that both stay finite; below 0 the loss is NaN, which stops training at that step.
 * </ul>
 *
 * <p>Targets are counts, or any values that are not negative, and are not standardized. Minimized by the mean of t. McCullagh
 * and Nelder 1989, chapter 6.
 */
public record Poisson(PoissonForm form, OutputReduction reduction) implements ElementwiseLoss {
    public Poisson {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** On log λ, with the mean over outputs. */
    public Poisson() {
        this(PoissonForm.LOG_RATE, OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "poisson";
    }

    /**
     * The loss of one output.
     *
     * @throws IllegalArgumentException when t is negative
     */
    @Override
    public double value(double z, double t) {
        if (t < 0) {
            throw new IllegalArgumentException("poisson: a count must not be negative: " + t);
        }
        return form == PoissonForm.LOG_RATE
                ? Exponential.exp(z) - t * z
                : z - (t == 0 && z >= 0 ? 0 : t * Probability.log(z));
    }

    @Override
    public double slope(double z, double t) {
        return form == PoissonForm.LOG_RATE ? Exponential.exp(z) - t : 1 - t / Probability.divisor(z);
    }

    @Override
    public Target target() {
        return Target.COUNT;
    }

    @Override
    public OutputRange outputRange() {
        return form == PoissonForm.RATE ? OutputRange.POSITIVE : OutputRange.ANY;
    }

    /** The rates λ. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        if (form == PoissonForm.LOG_RATE) {
            Link.exp(logits, prediction);
        } else {
            Link.identity(logits, prediction);
        }
    }
}
