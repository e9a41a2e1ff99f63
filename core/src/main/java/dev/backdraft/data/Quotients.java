package dev.backdraft.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Quotients of large integers, to 60 decimal digits and then to the nearest double. The usual case takes the first 106 bits as a
 * sum of two doubles (Dekker 1971, "A floating-point technique for extending the available precision"), whose relative error
 * stays below 2⁻⁹⁸. Only where that leaves open which double is the nearest, all digits are computed.
 */
final class Quotients {
    private static final MathContext DIGITS = new MathContext(60);
    private static final int BITS = 106;
    private static final double MARGIN = 0x1p-40; // of half a unit in the last place, where 2⁻⁴⁵ is known
    private static final int MOST_EXPONENT = 900; // beyond, scaling might round

    private Quotients() {}

    /** a / b, for b above 0. */
    static double of(BigInteger a, BigInteger b) {
        if (a.signum() == 0) {
            return 0;
        }
        Parts x = Parts.of(a.abs(), false);
        double quotient = x.divide(Parts.of(b, false)).rounded();
        if (Double.isNaN(quotient)) {
            return new BigDecimal(a).divide(new BigDecimal(b), DIGITS).doubleValue();
        }
        return a.signum() < 0 ? -quotient : quotient;
    }

    /** √a / b, for a and b above 0. */
    static double ofRoot(BigInteger a, BigInteger b) {
        double quotient = Parts.of(a, true).root().divide(Parts.of(b, false)).rounded();
        return Double.isNaN(quotient)
                ? new BigDecimal(a)
                        .sqrt(DIGITS)
                        .divide(new BigDecimal(b), DIGITS)
                        .doubleValue()
                : quotient;
    }

    /** (high + low) 2^exponent, with low at most half a unit in the last place of high. */
    private record Parts(double high, double low, int exponent) {
        /** The first 106 bits of a positive number; an even exponent has a root. */
        static Parts of(BigInteger number, boolean evenExponent) {
            int exponent = number.bitLength() - BITS;
            exponent -= evenExponent && (exponent & 1) != 0 ? 1 : 0; // then one bit more
            BigInteger first = number.shiftRight(exponent); // to the left when there are fewer bits
            int lowBits = first.bitLength() - BITS / 2;
            double high = Math.scalb((double) first.shiftRight(lowBits).longValue(), lowBits); // 53 bits
            double low = first.longValue() & ((1L << lowBits) - 1);
            return sum(high, low, exponent);
        }

        private static Parts sum(double large, double small, int exponent) {
            double high = large + small;
            return new Parts(high, small - (high - large), exponent);
        }

        Parts divide(Parts by) {
            double first = high / by.high;
            double product = first * by.high;
            double rest = (high - product - Math.fma(first, by.high, -product)) + low - first * by.low;
            return sum(first, rest / by.high, exponent - by.exponent);
        }

        Parts root() {
            double first = Math.sqrt(high);
            double rest = Math.fma(-first, first, high) + low;
            return sum(first, rest / (2 * first), exponent / 2);
        }

        /** The nearest double; NaN when that is not certain. */
        double rounded() {
            boolean powerOfTwo = (Double.doubleToRawLongBits(high) & 0xFFFFFFFFFFFFFL) == 0; // half as far below
            double half = Math.ulp(high) / (powerOfTwo ? 4 : 2);
            if (Math.abs(low) >= half * (1 - MARGIN) || Math.abs(exponent) > MOST_EXPONENT) {
                return Double.NaN;
            }
            return Math.scalb(high, exponent);
        }
    }
}
