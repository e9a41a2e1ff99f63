package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Normal with variance 2/in. He et al. 2015, eq. 10. */
public record HeNormal() implements Initializer {
    @Override
    public String name() {
        return "he-normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.normal(random, weights, Math.sqrt(2.0 / weights.columns()));
    }
}
