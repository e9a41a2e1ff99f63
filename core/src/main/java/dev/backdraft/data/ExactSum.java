package dev.backdraft.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The exact sum of numbers that are floats or parts of products of two or three floats: no rounding, so no order of adding and no
 * partitioning makes a difference. A fixed-point number wide enough for all of them (Kulisch and Miranker 1981): digits of 32
 * bits with room for carries, the lowest bit worth 2⁻⁴⁴⁷, the cube of the smallest float. 224 bytes. Mutable, not thread-safe.
 */
public final class ExactSum implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int LOWEST_BIT = -447;
    private static final int DIGITS = 28; // 896 bits: from 2^-447 to 2^384 · 2^64 rows
    private static final int MANTISSA_BIAS = 1075;
    private static final long MASK = 0xFFFFFFFFL;
    private static final int ADDS_BEFORE_CARRY = 1 << 29; // each adds less than 2^32 to a digit

    private final long[] digits = new long[DIGITS];
    private int adds;

    /** Adds a finite float, the product of two of them computed in double (which is exact), or an exact part of one of three. */
    public void add(double value) {
        if (value == 0) {
            return;
        }
        long bits = Double.doubleToLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        long mantissa = exponent == 0 ? bits & 0xFFFFFFFFFFFFFL : (bits & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
        int shift = Math.max(exponent, 1) - MANTISSA_BIAS - LOWEST_BIT;
        if (shift < 0) {
            mantissa >>>= -shift; // only zeros fall off: the value is a multiple of the lowest bit
            shift = 0;
        }
        int digit = shift >>> 5;
        int within = shift & 31;
        long sign = bits < 0 ? -1 : 1;
        digits[digit] += sign * ((mantissa << within) & MASK);
        digits[digit + 1] += sign * ((mantissa >>> (32 - within)) & MASK);
        digits[digit + 2] += within == 0 ? 0 : sign * (mantissa >>> (64 - within));
        if (++adds == ADDS_BEFORE_CARRY) {
            carry();
        }
    }

    /** Adds another sum; {@code other} is changed in form, not in value. */
    public void add(ExactSum other) {
        carry();
        other.carry();
        for (int i = 0; i < DIGITS; i++) {
            digits[i] += other.digits[i];
        }
        adds = 2;
    }

    private void carry() {
        for (int i = 0; i < DIGITS - 1; i++) {
            digits[i + 1] += digits[i] >> 32;
            digits[i] &= MASK;
        }
        adds = 1;
    }

    /** The sum, exactly. */
    public BigDecimal value() {
        BigInteger sum = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            sum = sum.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
        }
        return new BigDecimal(sum).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-LOWEST_BIT)));
    }
}
