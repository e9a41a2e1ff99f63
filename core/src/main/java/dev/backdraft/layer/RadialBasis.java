package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;

/**
 * Gaussian bumps exp(−½ ((x − cₖ)/w)²) at equally spaced centers c from low to high, of each feature. Broomhead and Lowe 1988.
 *
 * @param inputSize features
 * @param count bumps for each feature, at least 1; a single one is in the middle
 * @param low the first center
 * @param high the last center, above low
 * @param width w, positive
 */
public record RadialBasis(int inputSize, int count, double low, double high, double width) implements Basis {
    public RadialBasis {
        if (inputSize <= 0 || count < 1) {
            throw new IllegalArgumentException(
                    "a radial basis of " + inputSize + " features and " + count + " bumps: both must be positive");
        }
        Require.fitsArray(
                "a radial basis of " + inputSize + " features and " + count + " bumps",
                "outputs",
                (long) inputSize * count);
        if (!(low < high) || !Double.isFinite(high - low) || !(width > 0) || !Double.isFinite(width)) {
            throw new IllegalArgumentException("bumps from " + low + " to " + high + " of width " + width
                    + ": the second must be larger than the first, and the width positive");
        }
    }

    /** One feature, 10 bumps from −1 to 1 of width 0.2. */
    public RadialBasis() {
        this(1, 10, -1, 1, 0.2);
    }

    @Override
    public String name() {
        return "radial-basis";
    }

    @Override
    public int functions() {
        return count;
    }

    private double center(int k) {
        return count == 1 ? (low + high) / 2 : low + k * (high - low) / (count - 1);
    }

    @Override
    public double value(int k, double x) {
        double d = (x - center(k)) / width;
        return Exponential.exp(-0.5 * d * d);
    }

    @Override
    public double slope(int k, double x) {
        return -(x - center(k)) / (width * width) * value(k, x);
    }
}
