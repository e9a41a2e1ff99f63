package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Fills matrices with random numbers, column by column. */
final class Draws {
    private Draws() {}

    /** Uniform in [−bound, bound). */
    static void uniform(SplitMix random, Matrix weights, double bound) {
        float[] w = weights.values();
        for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
            w[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    /** Normal with mean 0. */
    static void normal(SplitMix random, Matrix weights, double deviation) {
        float[] w = weights.values();
        for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
            w[i] = (float) (deviation * random.nextGaussian());
        }
    }
}
