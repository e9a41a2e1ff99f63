package dev.backdraft.network;

import dev.backdraft.layer.Activation;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Initializer;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The structure of a feed-forward network: layers, one behind the other. Immutable; parameters live outside, in one flat
 * vector that holds the slices of the layers in order.
 */
public record Network(List<Layer> layers) implements Serializable {
    private static final long INITIALIZATION = 0x696e6974; // the purpose of the random stream

    public Network {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one layer");
        }
        long count = layers.get(0).parameterCount();
        for (int i = 1; i < layers.size(); i++) {
            int gives = layers.get(i - 1).outputSize();
            int takes = layers.get(i).inputSize();
            if (gives != takes) {
                throw new IllegalArgumentException(
                        "layer " + (i - 1) + " gives " + gives + " values but layer " + i + " takes " + takes);
            }
            count += layers.get(i).parameterCount();
        }
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(count + " parameters: at most " + Integer.MAX_VALUE + " are possible");
        }
    }

    /**
     * A multilayer perceptron: dense layers between these sizes, the activation behind each but the last, whose outputs are
     * the logits. The weights in front of an activation start as it likes them ({@link Activation#initializer}).
     *
     * @param sizes inputs, hidden units of each layer, outputs: at least two numbers
     */
    public static Network perceptron(Activation activation, int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "a network needs at least the sizes of its input and output, as in 40,10");
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 1; i < sizes.length; i++) {
            boolean last = i == sizes.length - 1;
            Initializer initializer = last ? Activation.IDENTITY.initializer() : activation.initializer();
            layers.add(new Dense(sizes[i - 1], sizes[i], initializer));
            if (!last) {
                layers.add(new Elementwise(activation, sizes[i]));
            }
        }
        return new Network(layers);
    }

    public int inputSize() {
        return layers.get(0).inputSize();
    }

    public int outputSize() {
        return layers.get(layers.size() - 1).outputSize();
    }

    /** Length of the flat vector of parameters. */
    public int parameterCount() {
        return offset(layers.size());
    }

    /** Where the slice of this layer starts in the flat vector. */
    public int offset(int layer) {
        int offset = 0;
        for (int i = 0; i < layer; i++) {
            offset += layers.get(i).parameterCount();
        }
        return offset;
    }

    /** The slice of this layer in a flat vector of parameters or of their gradient; shares the array. */
    public Slice slice(int layer, float[] flat) {
        return new Slice(flat, offset(layer), layers.get(layer).parameterCount());
    }

    /** A new flat vector of start values. Layer i draws from a stream of its own, addressed by (seed, i). */
    public float[] initialParameters(long seed) {
        float[] parameters = new float[parameterCount()];
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).initialize(slice(i, parameters), SplitMix.at(seed, INITIALIZATION, i, 0));
        }
        return parameters;
    }
}
