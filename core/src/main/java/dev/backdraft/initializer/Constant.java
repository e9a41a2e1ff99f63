package dev.backdraft.initializer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;

/**
 * All the same value: for biases. Weights that all start equal stay equal, so units of a layer would never differ.
 *
 * @param value finite
 */
public record Constant(double value) implements Initializer {
    public Constant {
        Require.finite("a constant", value);
    }

    /** 0. */
    public Constant() {
        this(0);
    }

    @Override
    public String name() {
        return "constant";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        Arrays.fill(weights.values(), weights.offset(), weights.offset() + weights.size(), (float) value);
    }
}
