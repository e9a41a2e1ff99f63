package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Cosines with warm restarts, SGDR: in cycle i, of length {@code Tᵢ = T₀ kⁱ}, {@code η = m + (η₀ − m)/2 (1 + cos(π s/Tᵢ))} with s the
 * steps since its start. Loshchilov and Hutter 2017, eq. 5. As PyTorch's CosineAnnealingWarmRestarts.
 *
 * @param minimum m, at least 0; a cycle comes near it but restarts before it is reached
 * @param firstCycle T₀; 0 for a seventh of the training (rounded up), which with k = 2 makes three cycles, 1 + 2 + 4
 * @param multiplier k, at least 1
 */
public record CosineRestarts(double minimum, long firstCycle, int multiplier) implements Schedule {
    public CosineRestarts {
        Require.notNegative("minimum", minimum);
        Require.atLeast(0, "firstCycle", firstCycle);
        Require.atLeast(1, "multiplier", multiplier);
    }

    /** To 0, three cycles in the training, each twice as long as the one before (the paper's multiplier). */
    public CosineRestarts() {
        this(0, 0, 2);
    }

    @Override
    public String name() {
        return "cosine-restarts";
    }

    @Override
    public boolean dependsOnTotal() {
        return firstCycle == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = firstCycle > 0 ? firstCycle : Math.max(1, (total + 6) / 7);
        long since = t;
        if (multiplier == 1) {
            since %= length;
        }
        while (since >= length) { // a few rounds, as lengths multiply
            since -= length;
            length *= multiplier;
        }
        return Cosine.between(base, minimum, (double) since / length);
    }
}
