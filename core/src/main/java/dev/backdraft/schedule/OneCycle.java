package dev.backdraft.schedule;

import dev.backdraft.json.Require;
import java.util.Objects;

/**
 * One cycle up and down: from {@code η₀/a} up to η₀ at {@code t₁ = p T − 1} (a fraction perhaps), then down to {@code η₀/(a b)} at T −
 * 1, each along half a cosine or a straight line. Smith 2018 ("super-convergence"); exactly PyTorch's OneCycleLR with two phases.
 * The configured learning rate is the <b>maximum</b>. The momentum is not cycled.
 *
 * @param totalSteps T; 0 for the whole training
 * @param warmupShare p, of the steps that go up, between 0 and 1
 * @param startDivisor a, positive
 * @param endDivisor b, positive
 * @param anneal the curve of both phases
 */
public record OneCycle(long totalSteps, double warmupShare, double startDivisor, double endDivisor, Anneal anneal)
        implements Schedule {
    /** The curve between two rates. */
    public enum Anneal {
        COSINE,
        LINEAR
    }

    public OneCycle {
        Require.atLeast(0, "totalSteps", totalSteps);
        Require.share("warmupShare", warmupShare);
        Require.positive("startDivisor", startDivisor);
        Require.positive("endDivisor", endDivisor);
        Objects.requireNonNull(anneal, "anneal");
    }

    /** PyTorch's constants: 30 % up from η₀/25, down to η₀/250,000, cosines. */
    public OneCycle() {
        this(0, 0.3, 25, 1e4, Anneal.COSINE);
    }

    @Override
    public String name() {
        return "one-cycle";
    }

    @Override
    public boolean dependsOnTotal() {
        return totalSteps == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = totalSteps > 0 ? totalSteps : total;
        double start = base / startDivisor;
        double last = length - 1.0;
        double top = warmupShare * length - 1;
        double now = Math.min((double) t, last);
        if (now <= top) {
            return between(start, base, top > 0 ? now / top : 1);
        }
        return between(base, start / endDivisor, last > top ? (now - top) / (last - top) : 1);
    }

    private double between(double from, double to, double share) {
        return switch (anneal) {
            case COSINE -> Cosine.between(from, to, share);
            case LINEAR -> from + share * (to - from);
        };
    }
}
