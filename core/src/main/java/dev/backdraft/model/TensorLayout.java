package dev.backdraft.model;

import dev.backdraft.model.SafetensorsHeader.Entry;
import dev.backdraft.network.Network;
import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The tensors of a model file in the order of their bytes, without gaps: the parameters in flat order, so that the flat vector
 * is one run, then the numbers of the preprocessing.
 */
final class TensorLayout {
    private static final String FEATURES = "preprocessing.features.";
    private static final String LABEL = "preprocessing.label.";

    private final Map<String, Entry> tensors = new LinkedHashMap<>();
    private long length;

    TensorLayout(Network network, boolean scalesFeatures, boolean scalesLabel) {
        network.layout().parameters().forEach(this::add);
        network.layout().statistics().forEach(this::add);
        if (scalesFeatures) {
            add(FEATURES + "mean", Entry.DOUBLE, network.inputSize());
            add(FEATURES + "deviation", Entry.DOUBLE, network.inputSize());
        }
        if (scalesLabel) {
            add(LABEL + "mean", Entry.DOUBLE, network.outputSize());
            add(LABEL + "deviation", Entry.DOUBLE, network.outputSize());
        }
    }

    private void add(Tensor tensor) {
        Parameter part = tensor.parameter();
        if (part.kind() == Parameter.Kind.BIAS) {
            add(tensor.name(), Entry.FLOAT, part.rows());
        } else { // W [out × in], column-major as it lies, is [in, out] in the row-major order of safetensors
            add(tensor.name(), Entry.FLOAT, part.columns(), part.rows());
        }
    }

    /** No overflow: a network has at most 2³¹ − 1 parameters. */
    private void add(String name, String type, long... shape) {
        long bytes = type.equals(Entry.FLOAT) ? Float.BYTES : Double.BYTES;
        for (long size : shape) {
            bytes *= size;
        }
        List<Long> sizes = LongStream.of(shape).boxed().toList();
        tensors.put(name, new Entry(type, sizes, length, length + bytes));
        length += bytes;
    }

    /** The layout that a file with these tensors must have. */
    static TensorLayout of(Network network, Set<String> found) {
        return new TensorLayout(network, found.contains(FEATURES + "mean"), found.contains(LABEL + "mean"));
    }

    boolean scalesFeatures() {
        return tensors.containsKey(FEATURES + "mean");
    }

    boolean scalesLabel() {
        return tensors.containsKey(LABEL + "mean");
    }

    /** The tensors by name, in the order of their bytes. */
    Map<String, Entry> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Bytes of all tensors. */
    long length() {
        return length;
    }

    /**
     * Checks that a file has these tensors at these places, so neither gaps nor overlaps, and no others.
     *
     * @throws IllegalArgumentException naming the first that is wrong
     */
    void check(Map<String, Entry> found) {
        tensors.forEach((name, needed) -> {
            Entry tensor = found.get(name);
            if (!needed.equals(tensor)) {
                throw new IllegalArgumentException("tensor '" + name + "' is "
                        + (tensor == null ? "missing" : tensor.description()) + ", but its network needs "
                        + needed.description());
            }
        });
        for (String name : found.keySet()) {
            if (!tensors.containsKey(name)) {
                throw new IllegalArgumentException("its network has no tensor '" + name + "'");
            }
        }
    }
}
