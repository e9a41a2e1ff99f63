package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Constant, then half a cosine down to 0: {@code η(t) = η₀ (1 + cos(π s)) / 2} with {@code s = (t/T − f) / (1 − f)},
 * which is 0 up to the share f of the training and 1 from T on. With f = 1/2 it is flat_cos of Holzmüller, Grinsztajn
 * and Steinwart 2024, "Better by default". With f = 0 it is {@link Cosine} without a minimum, and with f = 1 the rate
 * is constant up to T.
 *
 * @param flatShare f, the share of the training that is constant, from 0 to 1
 * @param totalSteps T; 0 for the whole training
 */
public record FlatCosine(double flatShare, long totalSteps) implements Schedule {
    public FlatCosine {
        Require.share("flatShare", flatShare);
        Require.atLeast(0, "totalSteps", totalSteps);
    }

    /** Constant for the first half of the training. */
    public FlatCosine() {
        this(0.5, 0);
    }

    @Override
    public String name() {
        return "flat-cosine";
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
        double flat = flatShare * length;
        return t <= flat ? base : Cosine.between(base, 0, (t - flat) / (length - flat));
    }
}
