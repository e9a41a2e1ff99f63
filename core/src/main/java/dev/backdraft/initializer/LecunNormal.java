package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Normal with variance 1/in. LeCun et al. 1998, eq. 16; what SELU asks for. Many lecture notes call it Xavier. */
public record LecunNormal() implements Initializer {
    @Override
    public String name() {
        return "lecun-normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.normal(random, weights, Math.sqrt(1.0 / weights.columns()));
    }
}
