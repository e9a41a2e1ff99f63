package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/**
 * Uniform in [low, high), whatever the sizes.
 *
 * @param low finite
 * @param high finite, at least low
 */
public record Uniform(double low, double high) implements Initializer {
    public Uniform {
        if (!(low <= high) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException(
                    "uniform from " + low + " to " + high + ": the second must not be smaller");
        }
    }

    /** From −0.05 to 0.05. */
    public Uniform() {
        this(-0.05, 0.05);
    }

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        float[] w = weights.values();
        for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
            w[i] = (float) (low + (high - low) * random.nextDouble());
        }
    }
}
