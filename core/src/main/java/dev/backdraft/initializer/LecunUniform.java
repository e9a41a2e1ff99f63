package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Uniform with variance 1/in, so within ±√(3/in). LeCun et al. 1998, eq. 16. Many lecture notes call it Xavier. */
public record LecunUniform() implements Initializer {
    @Override
    public String name() {
        return "lecun-uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.uniform(random, weights, Math.sqrt(3.0 / weights.columns()));
    }
}
