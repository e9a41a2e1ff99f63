package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Decay by inverse time: {@code η(t) = η₀ / (1 + k t)}. Its sum diverges and that of its squares does not, as Robbins and Monro
 * 1951 ask for.
 *
 * @param k at least 0
 */
public record InverseTime(double k) implements Schedule {
    public InverseTime {
        Require.notNegative("k", k);
    }

    /** k = 0.1, for a t that counts epochs: half the rate at the tenth. */
    public InverseTime() {
        this(0.1);
    }

    @Override
    public String name() {
        return "inverse-time";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        return base / (1 + k * t);
    }
}
