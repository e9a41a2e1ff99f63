package dev.backdraft.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * A named matrix of the flat vector, column by column.
 *
 * @param layer the number of the layer that it belongs to
 * @param parameter its name within the layer, its shape, and what regularizers take it for
 * @param offset of its first entry
 */
public record Tensor(int layer, Parameter parameter, int offset) {
    public Tensor {
        if (offset < 0) {
            throw new IllegalArgumentException(parameter.name() + " at " + offset);
        }
        Math.addExact(offset, parameter.size()); // its end is an array index
    }

    /** Places the matrices of a layer one after the other, the first one at this offset. */
    public static List<Tensor> place(int layer, int offset, List<Parameter> parameters) {
        List<Tensor> placed = new ArrayList<>();
        int at = offset;
        for (Parameter parameter : parameters) {
            Tensor tensor = new Tensor(layer, parameter, at);
            placed.add(tensor);
            at = tensor.end();
        }
        return placed;
    }

    /** The name within the network, as in {@code layers.0.weight}. */
    public String name() {
        return "layers." + layer + "." + parameter.name();
    }

    public int rows() {
        return parameter.rows();
    }

    public int columns() {
        return parameter.columns();
    }

    /** The entry after its last one. */
    public int end() {
        return offset + parameter.size();
    }
}
