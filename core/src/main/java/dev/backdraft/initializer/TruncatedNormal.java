package dev.backdraft.initializer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/**
 * Normal with this mean and deviation, drawn again until it is within two deviations of the mean. What is left has 0.8796 of the
 * deviation (as in TensorFlow and PyTorch, whose argument is the deviation before truncation, too).
 *
 * @param mean finite
 * @param deviation before truncation; finite, at least 0
 */
public record TruncatedNormal(double mean, double deviation) implements Initializer {
    private static final double BOUND = 2;

    public TruncatedNormal {
        Require.finite("the mean of a normal distribution", mean);
        Require.notNegative("the deviation of a normal distribution", deviation);
    }

    /** Mean 0, deviation 0.05. */
    public TruncatedNormal() {
        this(0, 0.05);
    }

    @Override
    public String name() {
        return "truncated-normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        float[] w = weights.values();
        for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
            double draw = random.nextGaussian();
            while (Math.abs(draw) > BOUND) {
                draw = random.nextGaussian();
            }
            w[i] = (float) (mean + deviation * draw);
        }
    }
}
