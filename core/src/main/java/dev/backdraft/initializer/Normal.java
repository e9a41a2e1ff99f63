package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/**
 * Normal with this mean and deviation, whatever the sizes.
 *
 * @param mean finite
 * @param deviation finite, at least 0
 */
public record Normal(double mean, double deviation) implements Initializer {
    public Normal {
        if (!Double.isFinite(mean) || !(deviation >= 0) || !Double.isFinite(deviation)) {
            throw new IllegalArgumentException(
                    "normal with mean " + mean + " and deviation " + deviation + ": the deviation must be at least 0");
        }
    }

    /** Mean 0, deviation 0.05. */
    public Normal() {
        this(0, 0.05);
    }

    @Override
    public String name() {
        return "normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        float[] w = weights.values();
        for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
            w[i] = (float) (mean + deviation * random.nextGaussian());
        }
    }
}
