package dev.backdraft.optim;

/** βᵗ for a number of steps t, by squaring: {@link StrictMath#pow} makes garbage, and steps shall not. */
final class IntegerPower {
    private IntegerPower() {}

    /** {@code base} to the power of {@code exponent} ≥ 0; the same bits on every machine. */
    static double of(double base, long exponent) {
        double power = 1;
        double square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }
}
