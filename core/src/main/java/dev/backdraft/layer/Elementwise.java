package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;

/** An {@link Activation} applied to every entry: y = f(x), x and y [size × n]. No parameters. */
public record Elementwise(Activation function, int size) implements Layer {
    public Elementwise {
        if (size <= 0) {
            throw new IllegalArgumentException("layer sizes must be positive: " + size);
        }
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
    public int parameterCount() {
        return 0;
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        // nothing to start
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y) {
        function.forward(x.values(), x.offset(), y.values(), y.offset(), x.size());
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters) {
        if (dx != null) {
            function.backward(y.values(), y.offset(), dy.values(), dy.offset(), dx.values(), dx.offset(), x.size());
        }
    }
}
