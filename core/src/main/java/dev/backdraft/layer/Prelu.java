package dev.backdraft.layer;

import dev.backdraft.initializer.Constant;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * Parametric ReLU, {@code y = x} where x &gt; 0, else {@code a x} with a learned slope a: one for each unit, or one
 * that all units share. He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", eq. 1. Backwards, where x ≤ 0:
 * {@code dx = a dy, da = Σ x dy}. In the flat vector: a [size], or [1] if it is shared. Penalties and weight decay
 * leave slopes alone, as in the paper.
 *
 * @param slope where a starts, finite
 * @param shared whether all units share one slope
 */
public record Prelu(int size, double slope, boolean shared) implements Layer {
    public Prelu {
        LayerSize.positive(size);
        Require.finite("the slope of a parametric ReLU", slope);
    }

    /** One unit, whose slope starts at 0.25, as in the paper. */
    public Prelu() {
        this(1, 0.25, false);
    }

    @Override
    public String name() {
        return "prelu";
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
        return List.of(Parameter.bias("slope", shared ? 1 : size));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        new Constant(slope).fill(random, parameters.matrix(0, parameters.length(), 1));
    }

    @Override
    public Initializer initializerBefore() {
        return new HeNormal();
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] a = parameters.values();
        int step = shared ? 0 : 1;
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int yAt = y.offset() + n * size;
            for (int i = 0; i < size; i++) {
                float value = x.values()[at + i];
                y.values()[yAt + i] = value > 0 ? value : a[parameters.offset() + step * i] * value;
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] a = parameters.values();
        float[] da = dParameters.values();
        int step = shared ? 0 : 1;
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int dAt = dy.offset() + n * size;
            for (int i = 0; i < size; i++) {
                float value = x.values()[at + i];
                float d = dy.values()[dAt + i];
                if (!(value > 0)) {
                    da[dParameters.offset() + step * i] += value * d;
                }
                if (dx != null) {
                    float slopeHere = value > 0 ? 1 : a[parameters.offset() + step * i];
                    dx.values()[dx.offset() + n * size + i] = slopeHere * d;
                }
            }
        }
    }
}
