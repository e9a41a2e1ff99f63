package dev.backdraft.network;

import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Slice;
import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Where the tensors of a network lie in its flat vector: the parameters, layer by layer, then the statistics, layer by
 * layer. All who need a place in the vector ask here. Immutable.
 */
public final class FlatLayout {
    private final List<Layer> layers;
    private final Part parameters;
    private final Part statistics;

    /**
     * The parameters, or the statistics: for each layer its tensors and where its slice starts; one more start for the
     * end.
     */
    private record Part(List<List<Tensor>> tensors, int[] starts) {
        int length(int layer) {
            return starts[layer + 1] - starts[layer];
        }

        int end() {
            return starts[starts.length - 1];
        }

        Slice slice(int layer, float[] flat) {
            return new Slice(flat, starts[layer], length(layer));
        }
    }

    FlatLayout(Network network) {
        layers = network.layers();
        parameters = part(0, layers, Layer::parameters, Layer::parameterCount);
        statistics = part(parameters.end(), layers, Layer::statistics, Layer::statisticCount);
    }

    private static Part part(
            int start, List<Layer> layers, Function<Layer, List<Parameter>> shapes, ToIntFunction<Layer> length) {
        List<List<Tensor>> tensors = new ArrayList<>();
        int[] starts = new int[layers.size() + 1];
        starts[0] = start;
        for (int i = 0; i < layers.size(); i++) {
            tensors.add(Tensor.place(i, starts[i], shapes.apply(layers.get(i))));
            starts[i + 1] = starts[i] + length.applyAsInt(layers.get(i));
        }
        return new Part(tensors, starts);
    }

    /** The trained tensors, in the order of the flat vector. */
    public List<Tensor> parameters() {
        return parameters.tensors().stream().flatMap(List::stream).toList();
    }

    /** The tensors of statistics, in the order of the flat vector, in which they follow the parameters. */
    public List<Tensor> statistics() {
        return statistics.tensors().stream().flatMap(List::stream).toList();
    }

    /** Number of trained entries. */
    public int parameterCount() {
        return parameters.end();
    }

    /** Length of the flat vector. */
    public int length() {
        return statistics.end();
    }

    /** Where the parameters of this layer start. */
    public int offset(int layer) {
        return parameters.starts()[layer];
    }

    /** The parameters of this layer in a flat vector, or their gradient in a gradient; shares the array. */
    public Slice parameters(int layer, float[] flat) {
        return parameters.slice(layer, flat);
    }

    /** The statistics of this layer in a flat vector, or their sums in a gradient; shares the array. */
    public Slice statistics(int layer, float[] flat) {
        return statistics.slice(layer, flat);
    }

    /**
     * Has the layers update their running statistics.
     *
     * @param mean where a step's mean statistics are, after its mean gradient; read
     * @param flat the network's vector: its statistics are changed, its parameters are not
     */
    public void updateStatistics(float[] mean, float[] flat) {
        for (int i = 0; i < layers.size(); i++) {
            if (statistics.length(i) > 0) {
                layers.get(i).updateStatistics(statistics(i, mean), statistics(i, flat));
            }
        }
    }

    /**
     * Checks a vector that may come from a file: that all of it is finite, and what the layers know of their
     * statistics.
     *
     * @param flat the network's vector; read
     * @throws IllegalArgumentException naming the first number that is wrong
     */
    public void checkNumbers(float[] flat) {
        for (int i = 0; i < flat.length; i++) {
            if (!Float.isFinite(flat[i])) {
                throw new IllegalArgumentException("parameter " + i + " is " + flat[i]);
            }
        }
        for (int i = 0; i < layers.size(); i++) {
            if (statistics.length(i) > 0) {
                layers.get(i).checkStatistics(statistics(i, flat));
            }
        }
    }

    /** Checks that an array is as long as the flat vector. */
    void check(float[] flat) {
        if (flat.length != length()) {
            throw new IllegalArgumentException("the network's vector has " + length() + " entries, not " + flat.length);
        }
    }
}
