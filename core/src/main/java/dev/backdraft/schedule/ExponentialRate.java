package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Exponential decay by a rate: {@code η(t) = η₀ e^(−k t)}; {@link Exponential} with γ = e^(−k).
 *
 * @param k at least 0
 */
public record ExponentialRate(double k) implements Schedule {
    public ExponentialRate {
        Require.notNegative("k", k);
    }

    /** k = 0.05, for a t that counts epochs. */
    public ExponentialRate() {
        this(0.05);
    }

    @Override
    public String name() {
        return "exponential-rate";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        return base * StrictMath.exp(-k * t);
    }
}
