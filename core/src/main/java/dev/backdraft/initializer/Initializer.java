package dev.backdraft.initializer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;

/**
 * How the weights W [out × in] of a layer start. Most have mean 0 and a variance that keeps the scale of signals about equal
 * from layer to layer: {@link GlorotUniform} suits sigmoid, tanh and identity; {@link HeNormal} suits ReLU, which passes half
 * of its input.
 *
 * <p>To write one of your own: a public record with a public constructor without arguments, and its class name in {@code
 * META-INF/services/dev.backdraft.initializer.Initializer}.
 */
public interface Initializer extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /** Overwrites the weights [out × in], drawing from {@code random} alone. A bias is [out × 1]. */
    void fill(SplitMix random, Matrix weights);
}
