package dev.backdraft.linalg;

/**
 * eˣ and its relatives, several times as fast as {@link StrictMath} and, like it, the same bits on every machine: nothing but
 * additions, products and fused products, each of them rounded as IEEE 754 says. In double, with an error of at most 2 ulp for
 * eˣ, 3 for eˣ − 1 and 4 for the others, so that what is rounded to float is right but in one case in about a hundred million.
 *
 * <p>{@code x = n ln 2 + r} with |r| ≤ ½ ln 2, {@code eˣ = 2ⁿ (1 + p(r))}, p the Taylor series of eʳ − 1 to r¹³, its terms added
 * in pairs (Estrin 1960), as a chain would wait for each of them. ln 2 is taken in two parts (Cody and Waite 1980).
 */
public final class Exponential {
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN2_HIGH = 0.6931471803691238; // its last 33 bits are 0: n times it is exact
    private static final double LN2_LOW = 1.9082149292705877e-10;
    private static final double TO_INTEGER = 0x1.8p52; // adding it leaves the integer part in the last bits
    private static final double LARGEST = 709; // beyond, 2ⁿ is no normal number, as below the smallest
    private static final double SMALLEST = -708;
    private static final double SATURATED = 20; // from here on tanh is 1 in double

    private static final double C3 = 1 / 6.0;
    private static final double C4 = 1 / 24.0;
    private static final double C5 = 1 / 120.0;
    private static final double C6 = 1 / 720.0;
    private static final double C7 = 1 / 5040.0;
    private static final double C8 = 1 / 40320.0;
    private static final double C9 = 1 / 362880.0;
    private static final double C10 = 1 / 3628800.0;
    private static final double C11 = 1 / 39916800.0;
    private static final double C12 = 1 / 479001600.0;
    private static final double C13 = 1 / 6227020800.0;

    private Exponential() {}

    /** eˣ; 0 and ∞ where it is too small or large for a double, NaN for NaN. */
    public static double exp(double x) {
        if (x > LARGEST || x < SMALLEST) {
            return StrictMath.exp(x);
        }
        double shifted = Math.fma(x, LOG2_E, TO_INTEGER);
        double scale = powerOfTwo(shifted);
        return Math.fma(scale, series(remainder(x, shifted)), scale);
    }

    /** eˣ − 1, accurate near 0 too. */
    public static double expm1(double x) {
        if (x > LARGEST || x < SMALLEST) {
            return StrictMath.expm1(x);
        }
        double shifted = Math.fma(x, LOG2_E, TO_INTEGER);
        double scale = powerOfTwo(shifted);
        return Math.fma(scale, series(remainder(x, shifted)), scale - 1);
    }

    /** (e²ˣ − 1)/(e²ˣ + 1). */
    public static double tanh(double x) {
        double e = expm1(2 * Math.max(-SATURATED, Math.min(SATURATED, x)));
        return e / (e + 2);
    }

    /** 1/(1 + e⁻ˣ), for x &lt; 0 as eˣ/(1 + eˣ), which does not overflow. */
    public static double sigmoid(double x) {
        double e = exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /**
     * {@code yₖ = exp xₖ / Σⱼ exp xⱼ}, column by column. Exact for values of any size, as the largest is subtracted
     * first; NaN in a column makes all of it NaN.
     *
     * @param x read
     * @param y overwritten; may be the array of x
     */
    public static void softmax(Matrix x, Matrix y) {
        int rows = x.rows();
        float[] from = x.values();
        float[] to = y.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * rows;
            int yAt = y.offset() + n * rows;
            double max = max(from, at, rows);
            double total = 0;
            for (int k = 0; k < rows; k++) {
                total += exp(from[at + k] - max);
            }
            for (int k = 0; k < rows; k++) {
                to[yAt + k] = (float) (exp(from[at + k] - max) / total);
            }
        }
    }

    /** {@code log Σₖ exp xₖ} of a column; exact for values of any size, as the largest is subtracted first. */
    public static double logSumExp(Matrix x, int column) {
        int at = x.offset() + column * x.rows();
        double max = max(x.values(), at, x.rows());
        double total = 0;
        for (int i = at; i < at + x.rows(); i++) {
            total += exp(x.values()[i] - max);
        }
        return max + StrictMath.log(total);
    }

    /** The largest of count values from values[from]; NaN if one of them is NaN. */
    public static double max(float[] values, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }

    private static double remainder(double x, double shifted) {
        double n = shifted - TO_INTEGER;
        return Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, x));
    }

    /** 2ⁿ for the n in the last bits of {@code shifted}. */
    private static double powerOfTwo(double shifted) {
        return Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) + Double.MAX_EXPONENT) << 52);
    }

    /** eʳ − 1. */
    private static double series(double r) {
        double r2 = r * r;
        double r4 = r2 * r2;
        double low = Math.fma(r2, Math.fma(r, C5, C4), Math.fma(r, C3, 0.5));
        double middle = Math.fma(r2, Math.fma(r, C9, C8), Math.fma(r, C7, C6));
        double high = Math.fma(r2, Math.fma(r, C13, C12), Math.fma(r, C11, C10));
        return Math.fma(r2, Math.fma(r4, Math.fma(r4, high, middle), low), r);
    }
}
