package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;

/** All zero: for biases. Weights that all start equal stay equal, so units of a layer would never differ. */
public record Zeros() implements Initializer {
    @Override
    public String name() {
        return "zeros";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Arrays.fill(weights.values(), weights.offset(), weights.offset() + weights.size(), 0);
    }
}
