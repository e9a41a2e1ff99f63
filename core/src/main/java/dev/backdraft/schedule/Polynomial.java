package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Polynomial decay: {@code η(t) = e + (η₀ − e)(1 − min(t, T)/T)^p}. As TensorFlow's PolynomialDecay without cycles; with e = 0
 * PyTorch's PolynomialLR. p = 1 is a straight line.
 *
 * @param power p, positive
 * @param end e, the rate from T on, at least 0
 * @param totalSteps T; 0 for the whole training
 */
public record Polynomial(double power, double end, long totalSteps) implements Schedule {
    public Polynomial {
        Require.positive("power", power);
        Require.notNegative("end", end);
        Require.atLeast(0, "totalSteps", totalSteps);
    }

    /** A straight line to 0 at the end of the training. */
    public Polynomial() {
        this(1, 0, 0);
    }

    @Override
    public String name() {
        return "polynomial";
    }

    @Override
    public boolean dependsOnTotal() {
        return totalSteps == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = totalSteps > 0 ? totalSteps : total;
        double left = t >= length ? 0 : 1 - (double) t / length;
        return end + (base - end) * StrictMath.pow(left, power);
    }
}
