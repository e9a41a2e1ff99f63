package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
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
        if (x.offset()
                == y.offset()) { // with one index for all arrays the compiler makes vector instructions of a loop
            for (int i = x.offset(); i < x.offset() + x.size(); i++) {
                to[i] = Math.max(0f, from[i]);
            }
        } else {
            for (int i = 0; i < x.size(); i++) {
                to[y.offset() + i] = Math.max(0f, from[x.offset() + i]);
            }
        }
    }

    @Override
    public void backward(Matrix x, Matrix y, Matrix dy, Matrix dx) {
        float[] f = y.values();
        float[] from = dy.values();
        float[] to = dx.values();
        if (y.offset() == dy.offset() && y.offset() == dx.offset()) {
            for (int i = y.offset(); i < y.offset() + y.size(); i++) {
                to[i] = from[i] * unitStep(f[i]);
            }
        } else {
            for (int i = 0; i < y.size(); i++) {
                to[dx.offset() + i] = from[dy.offset() + i] * unitStep(f[y.offset() + i]);
            }
        }
    }

    /**
     * 1 for y > 0, 0 for 0, without a branch, which would be mispredicted half of the time: 2¹⁵⁰ y ≥ 1 for every float y > 0.
     * An infinite gradient becomes NaN where y = 0: such a training has diverged, and the next loss says so.
     */
    private static float unitStep(float y) {
        return Math.min(1f, y * 0x1p75f * 0x1p75f);
    }
}
