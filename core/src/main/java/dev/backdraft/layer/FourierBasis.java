package dev.backdraft.layer;

import dev.backdraft.json.Require;

/**
 * sin(2π k x/T) and cos(2π k x/T) for k = 1 … K of each feature, sine and cosine in turn; with a linear layer after it, the
 * first terms of a Fourier series.
 *
 * @param inputSize features
 * @param harmonics K, at least 1
 * @param period T, positive
 */
public record FourierBasis(int inputSize, int harmonics, double period) implements Basis {
    public FourierBasis {
        if (inputSize <= 0 || harmonics < 1) {
            throw new IllegalArgumentException("a Fourier basis of " + inputSize + " features and " + harmonics
                    + " harmonics: both must be positive");
        }
        Require.fitsArray(
                "a Fourier basis of " + inputSize + " features and " + harmonics + " harmonics",
                "outputs",
                inputSize * (2L * harmonics));
        Require.positive("the period", period);
    }

    /** One feature, 5 harmonics of period 2. */
    public FourierBasis() {
        this(1, 5, 2);
    }

    @Override
    public String name() {
        return "fourier-basis";
    }

    @Override
    public int functions() {
        return 2 * harmonics;
    }

    private double frequency(int k) {
        return 2 * Math.PI * (k / 2 + 1) / period;
    }

    @Override
    public double value(int k, double x) {
        double angle = frequency(k) * x;
        return k % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
    }

    @Override
    public double slope(int k, double x) {
        double angle = frequency(k) * x;
        return frequency(k) * (k % 2 == 0 ? StrictMath.cos(angle) : -StrictMath.sin(angle));
    }
}
