package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/** f(x) = 1/(1 + e⁻ˣ), f' = y (1 − y). Never overflows: for x < 0 it is eˣ/(1 + eˣ). */
public record Sigmoid() implements Activation {
    @Override
    public String name() {
        return "sigmoid";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public void forward(Matrix x, Matrix y) {
        float[] from = x.values();
        float[] to = y.values();
        int d = y.offset() - x.offset();
        for (int i = x.offset(); i < x.offset() + x.size(); i++) {
            to[i + d] = (float) Exponential.sigmoid(from[i]);
        }
    }

    @Override
    public void backward(Matrix x, Matrix y, Matrix dy, Matrix dx) {
        float[] f = y.values();
        float[] from = dy.values();
        float[] to = dx.values();
        for (int i = 0; i < y.size(); i++) {
            float v = f[y.offset() + i];
            to[dx.offset() + i] = from[dy.offset() + i] * v * (1 - v);
        }
    }
}
