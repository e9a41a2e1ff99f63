package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Normal with variance 2/(in + out). Glorot and Bengio 2010, eq. 12. */
public record GlorotNormal() implements Initializer {
    @Override
    public String name() {
        return "glorot-normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.normal(random, weights, Math.sqrt(2.0 / ((double) weights.rows() + weights.columns())));
    }
}
