package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * Branches of a network one under the other: y = [x₁; x₂; …]. A layer sees several inputs stacked already, so y = x, both [size
 * × n], size the sum of the branches' sizes.
 */
public record Concatenate(int size) implements Layer {
    public Concatenate {
        LayerSize.positive(size);
    }

    /** Of size 1. */
    public Concatenate() {
        this(1);
    }

    @Override
    public String name() {
        return "concatenate";
    }

    @Override
    public int inputSize() {
        return size;
    }

    @Override
    public int outputSize() {
        return size;
    }

    @Override
    public int copyOf(int output) {
        return output;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        System.arraycopy(x.values(), x.offset(), y.values(), y.offset(), x.size());
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx != null) {
            System.arraycopy(dy.values(), dy.offset(), dx.values(), dx.offset(), dy.size());
        }
    }
}
