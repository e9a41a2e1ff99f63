package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Decay by the inverse square root of time: {@code η(t) = η₀ / √(1 + k t)}. With a {@link Warmup} in front and k = 1/warm-up steps
 * it is the schedule of Vaswani et al. 2017, section 5.3.
 *
 * @param k at least 0
 */
public record InverseSquareRoot(double k) implements Schedule {
    public InverseSquareRoot {
        Require.notNegative("k", k);
    }

    /** k = 0.1, for a t that counts epochs. */
    public InverseSquareRoot() {
        this(0.1);
    }

    @Override
    public String name() {
        return "inverse-square-root";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        return base / Math.sqrt(1 + k * t);
    }
}
