package dev.backdraft.layer;

import dev.backdraft.initializer.Constant;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * Each entry times a learned factor, {@code y = s ⊙ x}: a diagonal matrix. Before the first dense layer, a network
 * learns how much each feature counts (RealMLP: Holzmüller, Grinsztajn and Steinwart 2024). Backwards
 * {@code dx = s ⊙ dy, ds = Σ dy ⊙ x}. In the flat vector: s [size], which starts at 1.
 */
public record Scaling(int size) implements Layer {
    public Scaling {
        LayerSize.positive(size);
    }

    /** Of size 1. */
    public Scaling() {
        this(1);
    }

    @Override
    public String name() {
        return "scaling";
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
    public List<Parameter> parameters() {
        return List.of(Parameter.bias("scale", size));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        new Constant(1).fill(random, parameters.matrix(0, size, 1));
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] s = parameters.values();
        float[] from = x.values();
        float[] to = y.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int yAt = y.offset() + n * size;
            for (int i = 0; i < size; i++) {
                to[yAt + i] = s[parameters.offset() + i] * from[at + i];
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] s = parameters.values();
        float[] ds = dParameters.values();
        float[] xs = x.values();
        float[] from = dy.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int dAt = dy.offset() + n * size;
            for (int i = 0; i < size; i++) {
                ds[dParameters.offset() + i] += from[dAt + i] * xs[at + i];
                if (dx != null) {
                    dx.values()[dx.offset() + n * size + i] = s[parameters.offset() + i] * from[dAt + i];
                }
            }
        }
    }
}
