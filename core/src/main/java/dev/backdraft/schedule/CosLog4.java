package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Four waves of a cosine, each about twice as long as the one before:
 * {@code η(t) = η₀ (1 − cos(2π log₂(1 + 15 t/T))) / 2} up to T, and 0 from then on. Each wave starts at 0, reaches η₀,
 * and ends at 0. Holzmüller, Grinsztajn and Steinwart 2024, "Better by default" (coslog4).
 *
 * <p>The first update has the rate 0: it changes the state of the optimizer, but not the weights.
 *
 * @param totalSteps T; 0 for the whole training
 */
public record CosLog4(long totalSteps) implements Schedule {
    private static final double LN_2 = StrictMath.log(2);

    public CosLog4 {
        Require.atLeast(0, "totalSteps", totalSteps);
    }

    /** Over the whole training. */
    public CosLog4() {
        this(0);
    }

    @Override
    public String name() {
        return "coslog4";
    }

    @Override
    public boolean dependsOnTotal() {
        return totalSteps == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = totalSteps > 0 ? totalSteps : total;
        if (t >= length) {
            return 0;
        }
        double wave = StrictMath.log1p(15.0 * t / length) / LN_2;
        return base / 2 * (1 - StrictMath.cos(2 * Math.PI * wave));
    }
}
