package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Uniform with variance 1/in: what many lecture notes call Xavier; as {@link LecunUniform}, while Glorot's own is {@link GlorotUniform}. */
public record XavierUniform() implements Initializer {
    @Override
    public String name() {
        return "xavier-uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        new LecunUniform().fill(random, weights);
    }
}
