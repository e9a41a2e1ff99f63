package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Uniform with variance 2/in, so within ±√(6/in). He et al. 2015, eq. 10. */
public record HeUniform() implements Initializer {
    @Override
    public String name() {
        return "he-uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.uniform(random, weights, Math.sqrt(6.0 / weights.columns()));
    }
}
