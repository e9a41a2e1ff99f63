package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Uniform within ±1/√in, so with variance 1/(3 in): what PyTorch starts its linear layers with. */
public record FanInUniform() implements Initializer {
    @Override
    public String name() {
        return "fan-in-uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Draws.uniform(random, weights, Math.sqrt(1.0 / weights.columns()));
    }
}
