package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;

/** f(x) = max(0, x), f' = 1 where x > 0, else 0 (also at 0). Nair and Hinton 2010. */
public record Relu() implements Activation {
    @Override
    public String name() {
        return "relu";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public void forward(Matrix x, Matrix y) {
        float[] from = x.values();
        float[] to = y.values();
        int d = y.offset() - x.offset();
        for (int i = x.offset(); i < x.offset() + x.size(); i++) {
            to[i + d] = Math.max(0f, from[i]);
        }
    }

    @Override
    public void backward(Matrix x, Matrix y, Matrix dy, Matrix dx) {
        float[] f = y.values();
        float[] from = dy.values();
        float[] to = dx.values();
        for (int i = 0; i < y.size(); i++) {
            float v = f[y.offset() + i];
            to[dx.offset() + i] = v > 0 ? from[dy.offset() + i] : 0;
        }
    }
}
