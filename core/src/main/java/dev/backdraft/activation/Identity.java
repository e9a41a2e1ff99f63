package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Matrix;

/** f(x) = x. */
public record Identity() implements Activation {
    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public void forward(Matrix x, Matrix y) {
        System.arraycopy(x.values(), x.offset(), y.values(), y.offset(), x.size());
    }

    @Override
    public void backward(Matrix x, Matrix y, Matrix dy, Matrix dx) {
        System.arraycopy(dy.values(), dy.offset(), dx.values(), dx.offset(), dy.size());
    }
}
