package dev.backdraft.layer;

import dev.backdraft.json.Require;

/**
 * The powers x, x², …, xᵈ of each feature; with a linear layer after it, polynomial regression. Scale features to about −1 … 1
 * first, as powers grow fast.
 *
 * @param inputSize features
 * @param degree d, at least 1
 */
public record PolynomialBasis(int inputSize, int degree) implements Basis {
    public PolynomialBasis {
        if (inputSize <= 0 || degree < 1) {
            throw new IllegalArgumentException("a polynomial basis of " + inputSize + " features and degree " + degree
                    + ": both must be positive");
        }
        Require.fitsArray(
                "a polynomial basis of " + inputSize + " features and degree " + degree,
                "outputs",
                (long) inputSize * degree);
    }

    /** One feature, degree 3. */
    public PolynomialBasis() {
        this(1, 3);
    }

    @Override
    public String name() {
        return "polynomial-basis";
    }

    @Override
    public int functions() {
        return degree;
    }

    @Override
    public double value(int k, double x) {
        double power = x;
        for (int i = 0; i < k; i++) {
            power *= x;
        }
        return power;
    }

    @Override
    public double slope(int k, double x) {
        return k == 0 ? 1 : (k + 1) * value(k - 1, x);
    }
}
