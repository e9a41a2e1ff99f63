package dev.backdraft.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/**
 * How the weights W [out × in] of a layer start. All have mean 0; the variance keeps the scale of signals about equal from
 * layer to layer. {@link #GLOROT_UNIFORM} suits sigmoid, tanh and identity; {@link #HE_NORMAL} suits ReLU, which passes half of
 * its input.
 */
public enum Initializer {
    /** Uniform with variance 2/(in + out), so within ±√(6/(in + out)). Glorot and Bengio 2010, eq. 16. */
    @JsonProperty("glorot-uniform")
    GLOROT_UNIFORM {
        @Override
        public void fill(SplitMix random, Matrix weights) {
            double bound = Math.sqrt(6.0 / (weights.rows() + weights.columns()));
            float[] w = weights.values();
            for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
                w[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        }
    },

    /** Normal with variance 2/in. He et al. 2015, eq. 10. */
    @JsonProperty("he-normal")
    HE_NORMAL {
        @Override
        public void fill(SplitMix random, Matrix weights) {
            double deviation = Math.sqrt(2.0 / weights.columns());
            float[] w = weights.values();
            for (int i = weights.offset(); i < weights.offset() + weights.size(); i++) {
                w[i] = (float) (deviation * random.nextGaussian());
            }
        }
    };

    /** Overwrites the weights [out × in], drawing from {@code random} alone. */
    public abstract void fill(SplitMix random, Matrix weights);
}
