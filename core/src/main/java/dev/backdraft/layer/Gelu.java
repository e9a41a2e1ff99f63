package dev.backdraft.layer;

import java.util.Objects;

/**
 * f(x) = x Φ(x), Φ the standard normal distribution function; f' = Φ + x φ. Hendrycks and Gimpel 2016. The tanh form is f(x) = ½ x
 * (1 + tanh u) with {@code u = √(2/π) (x + 0.044715 x³)}.
 *
 * <p>Φ(x) = ½ erfc(−x/√2), by a polynomial in 1/(1 + ½ z) that is within 1.2e-7 of erfc z relatively, about the rounding of a
 * float (Press et al. 1992, section 6.2, eq. for erfcc).
 *
 * @param form how Φ is computed
 */
public record Gelu(GeluForm form) implements ScalarActivation {
    private static final double ROOT_OF_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;
    private static final double[] ERFC = {
        -1.26551223,
        1.00002368,
        0.37409196,
        0.09678418,
        -0.18628806,
        0.27886807,
        -1.13520398,
        1.48851587,
        -0.82215223,
        0.17087277
    };

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
        return form == GeluForm.EXACT ? x * distribution(x) : 0.5 * x * (1 + StrictMath.tanh(inner(x)));
    }

    @Override
    public double slope(double x, double y) {
        if (form == GeluForm.EXACT) {
            return distribution(x) + x * StrictMath.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
        }
        double t = StrictMath.tanh(inner(x));
        double bend = 1 - t * t;
        double last = bend == 0 ? 0 : 0.5 * x * bend * ROOT_OF_2_OVER_PI * (1 + 3 * CUBIC * x * x);
        return 0.5 * (1 + t) + last;
    }

    private static double inner(double x) {
        return ROOT_OF_2_OVER_PI * (x + CUBIC * x * x * x);
    }

    /** Φ(x). */
    private static double distribution(double x) {
        double z = Math.abs(x) / Math.sqrt(2);
        double t = 1 / (1 + 0.5 * z);
        double sum = 0;
        for (int i = ERFC.length - 1; i >= 0; i--) {
            sum = sum * t + ERFC[i];
        }
        double tail = 0.5 * t * StrictMath.exp(-z * z + sum); // ½ erfc z
        return x >= 0 ? 1 - tail : tail;
    }
}
