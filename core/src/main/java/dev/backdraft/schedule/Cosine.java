package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Half a cosine: {@code η(t) = m + (η₀ − m)/2 (1 + cos(π min(t, T)/T))}. Loshchilov and Hutter 2017, eq. 5, without restarts.
 * PyTorch's CosineAnnealingLR goes up again after T; this stays at m.
 *
 * @param minimum m, the rate from T on, at least 0
 * @param totalSteps T; 0 for the whole training
 */
public record Cosine(double minimum, long totalSteps) implements Schedule {
    public Cosine {
        Require.notNegative("minimum", minimum);
        Require.atLeast(0, "totalSteps", totalSteps);
    }

    /** To 0 at the end of the training. */
    public Cosine() {
        this(0, 0);
    }

    @Override
    public String name() {
        return "cosine";
    }

    @Override
    public boolean dependsOnTotal() {
        return totalSteps == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = totalSteps > 0 ? totalSteps : total;
        return between(base, minimum, t >= length ? 1 : (double) t / length);
    }

    /** From start to end along half a cosine: end + (start − end)/2 (1 + cos πs), s from 0 to 1. */
    static double between(double start, double end, double share) {
        return end + (start - end) / 2 * (1 + StrictMath.cos(Math.PI * share));
    }
}
