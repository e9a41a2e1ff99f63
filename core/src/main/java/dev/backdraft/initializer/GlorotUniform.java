package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Uniform with variance 2/(in + out), so within ±√(6/(in + out)). Glorot and Bengio 2010, eq. 16. */
public record GlorotUniform() implements Initializer {
    @Override
    public String name() {
        return "glorot-uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.uniform(random, weights, Math.sqrt(6.0 / ((double) weights.rows() + weights.columns())));
    }
}
