package dev.backdraft.loss;

/**
 * How the losses on probabilities, and the metrics of them, keep finite at p = 0 (and 1), as PyTorch does: a logarithm
 * counts at least −100, and a slope 1/p at most 10¹². Both are exact for the float32 values of p from 10⁻¹² to 1 −
 * 10⁻⁷. Outside [0, 1] the logarithm is NaN, which stops training at that step.
 *
 * <p>And how gradients keep from numbers near the smallest float: {@link #inGradient}.
 */
public final class Probability {
    private static final double LOWEST_LOG = -100;
    private static final double LOWEST_DIVISOR = 1e-12;
    private static final double NEGLIGIBLE = 0x1p-100;

    private Probability() {}

    /** {@code max(log p, −100)}. */
    public static double log(double p) {
        return Math.max(StrictMath.log(p), LOWEST_LOG);
    }

    /** {@code max(log(1 − p), −100)}. */
    public static double logOfRest(double p) {
        return Math.max(StrictMath.log1p(-p), LOWEST_LOG);
    }

    /**
     * A probability, or a slope between −1 and 1, as it counts in a gradient: 0 below 2⁻¹⁰⁰, which is too small to
     * change a parameter. Rows that a network has long learned have such probabilities. Products with them are
     * subnormal floats, for which many processors take a hundred times as long as for others.
     */
    static double inGradient(double p) {
        return Math.abs(p) < NEGLIGIBLE ? 0 : p;
    }

    /** What a slope is divided by instead of x ≥ 0: {@code max(x, 10⁻¹²)}. */
    static double divisor(double x) {
        return Math.max(x, LOWEST_DIVISOR);
    }
}
