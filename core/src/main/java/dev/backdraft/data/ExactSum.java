package dev.backdraft.data;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

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

    private static final int COUNT = 0x3F; // in a written sum, the number of digits, and flags of the top one
    private static final int NEGATIVE = 0x40; // it is -1; else 0
    private static final int LONG = 0x80; // it follows

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
            mantissa = shift > -Long.SIZE ? mantissa >>> -shift : 0; // zeros, but of a product's lowest part
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

    /** Adds the product of two doubles, both parts of it: exact down to the lowest bit. */
    void addProduct(double a, double b) {
        double product = a * b;
        add(product);
        add(Math.fma(a, b, -product));
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
        return new BigDecimal(units()).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-LOWEST_BIT)));
    }

    /** The sum, rounded once, to the nearest double. */
    public double doubleValue() {
        return Math.scalb(units().doubleValue(), LOWEST_BIT); // no sum of floats is so small that this rounds again
    }

    /** The sum in units of the lowest bit, exactly. */
    BigInteger units() {
        carry();
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Integer.BYTES * (DIGITS - 1));
        bytes.putLong(digits[DIGITS - 1]);
        for (int i = DIGITS - 2; i >= 0; i--) {
            bytes.putInt((int) digits[i]);
        }
        return new BigInteger(bytes.array());
    }

    /** Writes the sum, without the digits that are zero at both ends. */
    void write(DataOutput out) throws IOException {
        carry();
        int from = 0;
        while (from < DIGITS && digits[from] == 0) {
            from++;
        }
        int top = DIGITS - 1;
        long sign = digits[top] < 0 ? MASK : 0; // of a negative sum, all digits above those that count
        int to = top; // below the top one
        while (to > from && digits[to - 1] == sign) {
            to--;
        }
        boolean signOnly = digits[top] == 0 || digits[top] == -1;
        out.writeByte(from);
        out.writeByte(Math.max(to - from, 0) | (signOnly ? (int) digits[top] & NEGATIVE : LONG));
        if (!signOnly) {
            out.writeLong(digits[top]);
        }
        for (int i = from; i < to; i++) {
            out.writeInt((int) digits[i]);
        }
    }

    /** Overwrites the sum with one that was written. */
    void read(DataInput in) throws IOException {
        int from = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int to = from + (flags & COUNT);
        int top = DIGITS - 1;
        Arrays.fill(digits, 0);
        digits[top] = (flags & LONG) != 0 ? in.readLong() : (flags & NEGATIVE) != 0 ? -1 : 0;
        Arrays.fill(digits, Math.min(to, top), top, digits[top] < 0 ? MASK : 0);
        for (int i = from; i < to; i++) {
            digits[i] = in.readInt() & MASK;
        }
        adds = 1;
    }
}
