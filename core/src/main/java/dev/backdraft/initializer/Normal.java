package dev.backdraft.initializer;

import dev.backdraft.json.Require;
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
        Require.finite("the mean of a normal distribution", mean);
        Require.notNegative("the deviation of a normal distribution", deviation);
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
