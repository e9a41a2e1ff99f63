package dev.backdraft.layer;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Relu;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import java.util.Objects;

/** An {@link Activation} applied to every entry: y = f(x), x and y [size × n]. No parameters. */
public record Elementwise(Activation function, int size) implements Layer {
    public Elementwise {
        LayerSize.positive(size);
        Objects.requireNonNull(function, "function");
    }

    /** ReLU of one unit. */
    public Elementwise() {
        this(new Relu(), 1);
    }

    @Override
    public String name() {
        return "activation";
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
    public Initializer initializerBefore() {
        return function.initializer();
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        function.forward(x, y);
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx != null) {
            function.backward(x, y, dy, dx);
        }
    }
}
