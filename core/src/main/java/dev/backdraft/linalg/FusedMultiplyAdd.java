package dev.backdraft.linalg;

/**
 * {@code a b + c}, rounded once. Where the processor has no such instruction, {@link Math#fma} computes with {@code
 * BigDecimal}, hundreds of times slower; there this class takes another way to the same bits.
 */
final class FusedMultiplyAdd {
    private static final boolean INSTRUCTION = JvmOptions.fusedMultiplyAdd();

    private FusedMultiplyAdd() {}

    static float of(float a, float b, float c) {
        return INSTRUCTION ? Math.fma(a, b, c) : emulated(a, b, c);
    }

    /**
     * The same from additions and products of doubles. The product of two floats is exact in double. Their sum is
     * rounded to odd: the exact error of the sum (Knuth 1969, 4.2.2, theorem B) says whether it was rounded, and if so,
     * the last bit is made 1. With more than two bits to spare, rounding such a number to float is rounding the exact
     * sum (Boldo and Melquiond 2008, theorem 1).
     */
    static float emulated(float a, float b, float c) {
        double product = (double) a * b;
        double sum = product + c;
        double fromC = sum - product;
        double error = (product - (sum - fromC)) + (c - fromC);
        long bits = Double.doubleToRawLongBits(sum);
        if ((bits & 1) == 0 && (error > 0 || error < 0)) { // not where it is NaN
            bits += (error > 0) == (sum > 0) ? 1 : -1;
        }
        return (float) Double.longBitsToDouble(bits);
    }
}
