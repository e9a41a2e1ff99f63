package dev.backdraft.layer;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * The softmax of each example, {@code yₖ = exp xₖ / Σⱼ exp xⱼ}; backwards {@code dx = y (dy − y·dy)}. Exact for inputs of any size,
 * as the largest is subtracted first. For a loss on probabilities; a loss on logits includes it, and is more exact.
 *
 * @param size classes
 */
public record Softmax(int size) implements Layer {
    public Softmax {
        LayerSize.positive(size);
    }

    /** Of one class. */
    public Softmax() {
        this(1);
    }

    @Override
    public String name() {
        return "softmax";
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
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        Exponential.softmax(x, y);
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        float[] ys = y.values();
        float[] from = dy.values();
        float[] to = dx.values();
        for (int n = 0; n < x.columns(); n++) {
            int yAt = y.offset() + n * size;
            int dAt = dy.offset() + n * size;
            int at = dx.offset() + n * size;
            double dot = 0;
            for (int k = 0; k < size; k++) {
                dot += (double) ys[yAt + k] * from[dAt + k];
            }
            for (int k = 0; k < size; k++) {
                to[at + k] = (float) (ys[yAt + k] * (from[dAt + k] - dot));
            }
        }
    }
}
