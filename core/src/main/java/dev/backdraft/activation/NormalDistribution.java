package dev.backdraft.activation;

import dev.backdraft.linalg.Exponential;

/**
 * The standard normal distribution. {@code Φ(x) = ½ erfc(−x/√2)}; for z ≥ 0 {@code (1 + 2z) exp(z²) erfc(z)} is smooth and bounded,
 * and is summed as a Chebyshev series in {@code t = (z − 3.75)/(z + 3.75)} by Clenshaw's recurrence. Method: Shepherd and Laframboise
 * 1981, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞"; the coefficients were recomputed with 40 digits. The
 * relative error of Φ is below 1e-15 for x ≥ −1, and grows with x² to 1e-13 where Φ leaves the range of double (x = −38), as does
 * that of exp(−x²/2).
 */
final class NormalDistribution {
    private static final double SCALE = 3.75;
    private static final double ALL_GONE = 30; // beyond it, erfc is below the smallest double
    private static final double[] CHEBYSHEV = {
        1.1775789345674017,
        -0.004590054580646478,
        -0.08424913336651792,
        0.05920993999819189,
        -0.026658668435305753,
        0.009074997670705265,
        -0.002413163540417608,
        0.0004907758365258086,
        -6.916973302501207e-05,
        4.13902798607301e-06,
        7.74038306619849e-07,
        -2.1886401049234397e-07,
        1.076499946567091e-08,
        4.521959811218287e-09,
        -7.754400208831351e-10,
        -6.318088340886684e-11,
        2.86879501093067e-11,
        1.9455868545777347e-13,
        -9.65469674843344e-13,
        3.25254814814874e-14,
        3.3478119482868056e-14,
        -1.864562880419313e-15,
        -1.2507950530688648e-15,
        7.418235256624044e-17,
        5.068148904796111e-17
    };

    private NormalDistribution() {}

    /** Φ(x), the probability of a value up to x. */
    static double cumulative(double x) {
        double tail = 0.5 * complementaryError(Math.abs(x) / Math.sqrt(2));
        return x >= 0 ? 1 - tail : tail;
    }

    /** φ(x) = Φ'(x). */
    static double density(double x) {
        return Exponential.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    /** erfc z for z ≥ 0. */
    private static double complementaryError(double z) {
        if (z > ALL_GONE) {
            return 0;
        }
        double t = (z - SCALE) / (z + SCALE);
        double next = 0;
        double sum = 0;
        for (int k = CHEBYSHEV.length - 1; k > 0; k--) {
            double before = sum;
            sum = 2 * t * sum - next + CHEBYSHEV[k];
            next = before;
        }
        return (t * sum - next + CHEBYSHEV[0]) * Exponential.exp(-z * z) / (1 + 2 * z);
    }
}
