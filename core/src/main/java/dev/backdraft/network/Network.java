package dev.backdraft.network;

import dev.backdraft.activation.Activation;
import dev.backdraft.json.Require;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The structure of a feed-forward network: an acyclic graph of layers, most often a sequence. Each layer takes the outputs of
 * layers before it, or the network's input; of several it sees the values stacked, one under the other. The last layer's output
 * is the network's.
 *
 * <p>Immutable. The numbers live outside, in one flat vector: first the slices of the trained parameters, layer by layer, then
 * those of the statistics (such as running means), layer by layer.
 *
 * @param layers in an order in which each comes after the layers that it takes
 * @param inputs for each layer the numbers of the layers that it takes, {@link #INPUT} for the network's input
 */
public record Network(List<Layer> layers, List<List<Integer>> inputs) implements Serializable {
    /** The number of the network's input among the inputs of a layer. */
    public static final int INPUT = -1;

    private static final long INITIALIZATION = 0x696e6974; // the purpose of the random stream

    public Network {
        layers = List.copyOf(layers);
        inputs = inputs.stream().map(List::copyOf).toList();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one layer");
        }
        if (inputs.size() != layers.size()) {
            throw new IllegalArgumentException(layers.size() + " layers have " + inputs.size() + " lists of inputs");
        }
        checkInputs(layers, inputs);
        long count = 0;
        for (Layer layer : layers) {
            count += (long) layer.parameterCount() + layer.statisticCount();
        }
        Require.fitsArray("the network", "parameters", count);
    }

    /** A sequence of layers: each takes the output of the one before. */
    public Network(List<Layer> layers) {
        this(layers, chain(layers.size()));
    }

    private static List<List<Integer>> chain(int length) {
        List<List<Integer>> inputs = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            inputs.add(List.of(i - 1));
        }
        return inputs;
    }

    private static void checkInputs(List<Layer> layers, List<List<Integer>> inputs) {
        boolean[] used = new boolean[layers.size()];
        long networkInput = -1;
        for (int i = 0; i < layers.size(); i++) {
            long gives = 0;
            boolean fromNetwork = false;
            for (int input : inputs.get(i)) {
                if (input < INPUT || input >= i) {
                    throw new IllegalArgumentException("layer " + i + " takes layer " + input
                            + ": a layer takes those before it, or " + INPUT + " for the network's input");
                }
                if (input == INPUT) {
                    fromNetwork = true;
                } else {
                    used[input] = true;
                    gives += layers.get(input).outputSize();
                }
            }
            int takes = layers.get(i).inputSize();
            if (inputs.get(i).isEmpty()) {
                throw new IllegalArgumentException("layer " + i + " takes nothing");
            }
            if (fromNetwork && networkInput < 0) {
                networkInput = (takes - gives)
                        / inputs.get(i).stream().filter(input -> input == INPUT).count();
            }
            for (int input : inputs.get(i)) {
                gives += input == INPUT ? networkInput : 0;
            }
            if (gives != takes || (fromNetwork && networkInput < 1)) {
                throw new IllegalArgumentException(
                        source(inputs.get(i)) + " gives " + gives + " values but layer " + i + " takes " + takes);
            }
        }
        if (networkInput < 0) {
            throw new IllegalArgumentException("no layer takes the network's input");
        }
        for (int i = 0; i < layers.size() - 1; i++) {
            if (!used[i]) {
                throw new IllegalArgumentException("no layer takes layer " + i);
            }
        }
    }

    private static String source(List<Integer> inputs) {
        List<String> names = new ArrayList<>();
        for (int input : inputs) {
            names.add(input == INPUT ? "the network's input" : "layer " + input);
        }
        return String.join(" and ", names);
    }

    /** Starts a network whose rows have this many features. */
    public static NetworkBuilder builder(int inputSize) {
        return new NetworkBuilder(inputSize);
    }

    /**
     * A multilayer perceptron: dense layers between these sizes, the activation after each but the last, whose outputs are the
     * logits. The initializer of the weights before an activation is the one that the activation recommends ({@link
     * Activation#initializer}).
     *
     * @param sizes inputs, hidden units of each layer, outputs: at least two numbers
     */
    public static Network perceptron(Activation activation, int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "a network needs at least the sizes of its input and output, as in 40,10");
        }
        NetworkBuilder builder = builder(sizes[0]);
        for (int i = 1; i < sizes.length; i++) {
            builder.dense(sizes[i]);
            if (i < sizes.length - 1) {
                builder.activation(activation);
            }
        }
        return builder.build();
    }

    public int inputSize() {
        for (int i = 0; i < layers.size(); i++) {
            int size = layers.get(i).inputSize();
            int fromNetwork = 0;
            for (int input : inputs.get(i)) {
                fromNetwork += input == INPUT ? 1 : 0;
                size -= input == INPUT ? 0 : layers.get(input).outputSize();
            }
            if (fromNetwork > 0) {
                return size / fromNetwork;
            }
        }
        throw new IllegalStateException("the constructor has found a layer that takes the input");
    }

    public int outputSize() {
        return layers.get(layers.size() - 1).outputSize();
    }

    /**
     * The number of the layer that makes the outputs: the last one with parameters. What follows it, such as a softmax,
     * only changes their form.
     *
     * @throws IllegalArgumentException when no layer has parameters
     */
    public int outputLayer() {
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (layers.get(i).parameterCount() > 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("the network has no layer with parameters");
    }

    /** Number of trained parameters: they come first in the flat vector. */
    public int parameterCount() {
        return layers.stream().mapToInt(Layer::parameterCount).sum();
    }

    /** Number of statistics: they come after the parameters in the flat vector. */
    public int statisticCount() {
        return layers.stream().mapToInt(Layer::statisticCount).sum();
    }

    /** Length of the flat vector: parameters and statistics. */
    public int length() {
        return parameterCount() + statisticCount();
    }

    /** Whether training draws random numbers, as dropout does. */
    public boolean isRandom() {
        return layers.stream().anyMatch(Layer::isRandom);
    }

    /** The columns of the network's input that layers take as codes of categories, layer by layer. */
    public List<Codes> codes() {
        List<Codes> found = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            for (Codes codes : layers.get(i).codes()) {
                int source = sourceOf(i, codes.column());
                if (source >= 0) {
                    found.add(new Codes(source, codes.values(), codes.embeddingSize()));
                }
            }
        }
        return List.copyOf(found);
    }

    /** The numbers of the columns of {@link #codes}, ascending: they must not be scaled. */
    public List<Integer> codeColumns() {
        return codes().stream().map(Codes::column).distinct().sorted().toList();
    }

    /** The column of the network's input that a column of a layer's input is a copy of, or −1. */
    public int sourceOf(int layer, int column) {
        int from = column;
        for (int input : inputs.get(layer)) {
            int size = input == INPUT ? inputSize() : layers.get(input).outputSize();
            if (from >= size) {
                from -= size;
            } else if (input == INPUT) {
                return from;
            } else {
                int copied = layers.get(input).copyOf(from);
                return copied < 0 ? -1 : sourceOf(input, copied);
            }
        }
        return -1;
    }

    /** Where each tensor lies in the flat vector. Each call makes a new one: keep it for many questions. */
    public FlatLayout layout() {
        return new FlatLayout(this);
    }

    /** The parameters of this layer in a flat vector, or their gradient in a gradient; shares the array. */
    public Slice slice(int layer, float[] flat) {
        return layout().parameters(layer, flat);
    }

    /** The statistics of this layer in a flat vector, or their sums in a gradient; shares the array. */
    public Slice statistics(int layer, float[] flat) {
        return layout().statistics(layer, flat);
    }

    /** Returns a new flat vector of initial values. Layer i draws from its own random stream, addressed by (seed, i). */
    public float[] initialParameters(long seed) {
        FlatLayout layout = layout();
        float[] flat = new float[layout.length()];
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).initialize(layout.parameters(i, flat), SplitMix.at(seed, INITIALIZATION, i, 0));
            layers.get(i).initializeStatistics(layout.statistics(i, flat));
        }
        return flat;
    }

    /**
     * Layers, sizes and number of parameters in one line, as in {@code 40 -> dense 100 -> relu -> dense 10, 5,110 parameters}.
     */
    @Override
    public String toString() {
        return NetworkText.of(this);
    }
}
