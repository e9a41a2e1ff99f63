package dev.backdraft.network;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Identity;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.layer.Add;
import dev.backdraft.layer.BatchEnsemble;
import dev.backdraft.layer.BatchNorm;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.Concatenate;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Dropout;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Embedding;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.EnsembleMean;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.LayerNorm;
import dev.backdraft.layer.ParametricActivation;
import dev.backdraft.layer.PeriodicEmbedding;
import dev.backdraft.layer.PeriodicForm;
import dev.backdraft.layer.PiecewiseLinearEmbedding;
import dev.backdraft.layer.Prelu;
import dev.backdraft.layer.Repeat;
import dev.backdraft.layer.Scaling;
import dev.backdraft.layer.Select;
import dev.backdraft.layer.Softmax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Builds a network layer by layer. Sizes follow from the layer before. Each layer takes the output of the layer added
 * last, or of those that {@link #from} names. Use it once, in one thread.
 *
 * <pre>{@code
 * Network network = Network.builder(40)
 *         .dense(100).activation(new Relu())
 *         .residual(block -> block.dense(100).activation(new Relu()).dense(100))
 *         .dense(10)
 *         .build();
 * }</pre>
 */
public final class NetworkBuilder {
    private final int inputSize;
    private final List<Layer> layers = new ArrayList<>();
    private final List<List<Integer>> inputs = new ArrayList<>();
    private final List<Integer> withoutInitializer = new ArrayList<>(); // dense layers that nobody gave one
    private List<Integer> next = List.of(Network.INPUT);

    NetworkBuilder(int inputSize) {
        if (inputSize < 1) {
            throw new IllegalArgumentException("layer sizes must be positive: " + inputSize);
        }
        this.inputSize = inputSize;
    }

    /** The number of the layer added last, {@link Network#INPUT} when it is the input: for {@link #from}. */
    public int last() {
        return layers.size() - 1;
    }

    /** Number of values that the next layer takes. */
    public int size() {
        long size = 0;
        for (int input : next) {
            size += sizeOf(input);
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the branches %s have %,d values together: at most %,d are possible",
                    next,
                    size,
                    Integer.MAX_VALUE));
        }
        return (int) size;
    }

    private int sizeOf(int number) {
        return number == Network.INPUT ? inputSize : layers.get(number).outputSize();
    }

    /**
     * Sets what the next layer takes, instead of the layer added last; several outputs are stacked.
     *
     * @param numbers as {@link #last} returned them, or {@link Network#INPUT}
     */
    public NetworkBuilder from(int... numbers) {
        List<Integer> taken = new ArrayList<>();
        for (int number : numbers) {
            if (number < Network.INPUT || number >= layers.size()) {
                throw new IllegalArgumentException(
                        "there is no layer " + number + " yet: " + layers.size() + " have been added");
            }
            taken.add(number);
        }
        if (taken.isEmpty()) {
            throw new IllegalArgumentException("a layer takes at least one input");
        }
        next = List.copyOf(taken);
        return this;
    }

    /** Adds a layer. */
    public NetworkBuilder add(Layer layer) {
        layers.add(layer);
        inputs.add(next);
        next = List.of(last());
        return this;
    }

    /** Adds the layer that this function creates for the {@link #size()} of its input. */
    public NetworkBuilder add(IntFunction<Layer> layer) {
        return add(layer.apply(size()));
    }

    /** Number of inputs that the next layer takes. */
    int inputCount() {
        return next.size();
    }

    /** The size of each of the inputs of the next layer, which must be equal. */
    int sizeOfEach() {
        int size = sizeOf(next.get(0));
        for (int input : next) {
            if (sizeOf(input) != size) {
                throw new IllegalArgumentException(
                        "branches of different sizes cannot be added: " + size + " and " + sizeOf(input));
            }
        }
        return size;
    }

    /** Adds a dense layer whose weights are initialized as the activation after it recommends. */
    void addWithoutInitializer(Dense dense) {
        withoutInitializer.add(layers.size());
        add(dense);
    }

    /** Adds a dense layer with a bias, its weights initialized as the activation after it recommends. */
    public NetworkBuilder dense(int units) {
        return dense(units, true);
    }

    /** Adds a fully connected layer with or without a bias. */
    public NetworkBuilder dense(int units, boolean bias) {
        addWithoutInitializer(new Dense(size(), units, bias, new Identity().initializer(), new Zeros()));
        return this;
    }

    /** Adds a dense layer with a bias that starts at zero. */
    public NetworkBuilder dense(int units, Initializer initializer) {
        return add(new Dense(size(), units, initializer));
    }

    /** Adds an activation. */
    public NetworkBuilder activation(Activation function) {
        return add(new Elementwise(function, size()));
    }

    /** Adds dropout at this rate. */
    public NetworkBuilder dropout(double rate) {
        return add(new Dropout(rate, size()));
    }

    /** Adds layer normalization with the default ε. */
    public NetworkBuilder layerNorm() {
        return add(new LayerNorm(size(), new LayerNorm().epsilon()));
    }

    /** Adds batch normalization with the default ε and momentum. */
    public NetworkBuilder batchNorm() {
        BatchNorm usual = new BatchNorm();
        return add(new BatchNorm(size(), usual.epsilon(), usual.momentum()));
    }

    /** Adds a learned factor for each value. */
    public NetworkBuilder scaling() {
        return add(new Scaling(size()));
    }

    /** Adds a parametric ReLU: each unit has a slope of its own. */
    public NetworkBuilder prelu() {
        Prelu usual = new Prelu();
        return add(new Prelu(size(), usual.slope(), usual.shared()));
    }

    /** Adds a learned mixture of this activation and the identity. */
    public NetworkBuilder parametricActivation(Activation function) {
        return add(new ParametricActivation(function, size()));
    }

    /** Adds the choice of some of the values, counted from 0. */
    public NetworkBuilder select(int... columns) {
        return add(new Select(size(), IntStream.of(columns).boxed().toList()));
    }

    /** Adds learned vectors for columns that hold codes; the other values pass through. */
    public NetworkBuilder embedding(Codes... codes) {
        return add(new Embedding(size(), List.of(codes)));
    }

    /** Adds learned waves of each value. */
    public NetworkBuilder periodicEmbedding(PeriodicForm form, int frequencies, int embeddingSize, double deviation) {
        return add(new PeriodicEmbedding(size(), form, frequencies, embeddingSize, deviation));
    }

    /** Adds a learned vector for each value that changes linearly between these boundaries, a list for each value. */
    public NetworkBuilder piecewiseLinearEmbedding(List<List<Double>> boundaries, int embeddingSize) {
        return add(new PiecewiseLinearEmbedding(boundaries, embeddingSize));
    }

    /** Adds copies of the values: the first layer of an ensemble. */
    public NetworkBuilder repeat(int times) {
        return add(new Repeat(size(), times));
    }

    /** Adds dense layers of members that share their weights. */
    public NetworkBuilder batchEnsemble(int members, int units, boolean randomSigns) {
        return add(new BatchEnsemble(size(), members, units, randomSigns, new BatchEnsemble().initializer()));
    }

    /**
     * Adds the mean of the answers of an ensemble: the last layer of a network whose members each have a loss of their
     * own.
     */
    public NetworkBuilder ensembleMean(int members, EnsembleAverage average) {
        return add(new EnsembleMean(size(), members, average));
    }

    /** Adds a softmax: probabilities, for a loss that wants them. */
    public NetworkBuilder softmax() {
        return add(new Softmax(size()));
    }

    /** Adds a residual block, y = x + F(x): what {@code block} adds is F, and gives as many values as it takes. */
    public NetworkBuilder residual(Consumer<NetworkBuilder> block) {
        int size = size();
        List<Integer> skipped = next;
        if (skipped.size() > 1) {
            throw new IllegalArgumentException(
                    "a residual block takes one input: concatenate the " + skipped.size() + " first");
        }
        int first = layers.size();
        block.accept(this);
        if (layers.size() == first) {
            throw new IllegalArgumentException("a residual block needs at least one layer");
        }
        if (size() != size) {
            throw new IllegalArgumentException(
                    "a residual block takes " + size + " values but gives " + size() + ": both must be equal");
        }
        return addition(skipped.get(0), last());
    }

    /** Adds the sum of layers with outputs of equal size. */
    public NetworkBuilder addition(int... numbers) {
        from(numbers);
        return add(new Add(sizeOfEach(), numbers.length));
    }

    /** Adds the outputs of layers, one under the other. */
    public NetworkBuilder concatenation(int... numbers) {
        from(numbers);
        return add(new Concatenate(size()));
    }

    /** The network. */
    public Network build() {
        for (int number : withoutInitializer) {
            Dense dense = (Dense) layers.get(number);
            layers.set(
                    number,
                    new Dense(
                            dense.inputSize(),
                            dense.outputSize(),
                            dense.bias(),
                            initializerBeforeNext(number),
                            dense.biasInitializer()));
        }
        Network network = new Network(layers, inputs);
        if (network.inputSize() != inputSize) {
            throw new IllegalArgumentException(
                    "the network's input has " + inputSize + " values, but its layers take " + network.inputSize());
        }
        return network;
    }

    /** The initializer that the activation after a layer recommends, looking through layers that have none. */
    private Initializer initializerBeforeNext(int number) {
        int at = number;
        for (int i = number + 1; i < layers.size(); i++) {
            if (inputs.get(i).equals(List.of(at))) {
                Initializer recommended = layers.get(i).initializerBefore();
                if (recommended != null) {
                    return recommended;
                }
                if (layers.get(i) instanceof Dense) {
                    break;
                }
                at = i;
            }
        }
        return new Identity().initializer();
    }
}
