package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Exponential;
import java.util.Objects;

/**
 * f(x) = x Φ(x), Φ the standard normal distribution function; f' = Φ + x φ. Hendrycks and Gimpel 2016. The tanh form is f(x) = ½ x
 * (1 + tanh u) with {@code u = √(2/π) (x + 0.044715 x³)}.
 *
 * <p>Φ is computed in double to about its full precision ({@link NormalDistribution}).
 *
 * @param form how Φ is computed
 */
public record Gelu(GeluForm form) implements ScalarActivation {
    private static final double ROOT_OF_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    public Gelu {
        Objects.requireNonNull(form, "form");
    }

    /** The exact one. */
    public Gelu() {
        this(GeluForm.EXACT);
    }

    @Override
    public String name() {
        return "gelu";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public double value(double x) {
        return form == GeluForm.EXACT
                ? x * NormalDistribution.cumulative(x)
                : 0.5 * x * (1 + Exponential.tanh(inner(x)));
    }

    @Override
    public double slope(double x, double y) {
        if (form == GeluForm.EXACT) {
            return NormalDistribution.cumulative(x) + x * NormalDistribution.density(x);
        }
        double t = Exponential.tanh(inner(x));
        double bend = 1 - t * t;
        double last = bend == 0 ? 0 : 0.5 * x * bend * ROOT_OF_2_OVER_PI * (1 + 3 * CUBIC * x * x);
        return 0.5 * (1 + t) + last;
    }

    private static double inner(double x) {
        return ROOT_OF_2_OVER_PI * (x + CUBIC * x * x * x);
    }
}
