package dev.backdraft.examples;

import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * A layer of our own: the parametric ReLU, whose slope below 0 is learned, for each unit its own. {@code y = x} where x > 0 and
 * {@code y = a x} elsewhere; {@code dy/dx} = 1 or a, {@code dy/da = min(0, x)}. x and y are [size × n], a [size × 1].
 *
 * <p>Source: He et al. 2015, "Delving deep into rectifiers", eq. 1; all a start at 0.25, as there.
 *
 * @param size number of units; files may leave it out, as it follows from the layer before
 * @param start the a that training starts from
 */
public record LearnedSlope(int size, double start) implements Layer {
    public LearnedSlope {
        if (size <= 0) {
            throw new IllegalArgumentException("layer sizes must be positive: " + size);
        }
        if (!Double.isFinite(start)) {
            throw new IllegalArgumentException("the slope to start from must be a number: " + start);
        }
    }

    /** One unit, as He et al. start it: what files and catalogs begin with. */
    public LearnedSlope() {
        this(1);
    }

    public LearnedSlope(int size) {
        this(size, 0.25);
    }

    @Override
    public String name() {
        return "learned-slope";
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
        return List.of(Parameter.bias("slope", size)); // a bias, so that regularizers leave it alone, as He et al. do
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        for (int i = 0; i < size; i++) {
            parameters.values()[parameters.offset() + i] = (float) start;
        }
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] a = parameters.values();
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < size; i++) {
                float value = x.get(i, n);
                y.set(i, n, value > 0 ? value : a[parameters.offset() + i] * value);
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] a = parameters.values();
        float[] da = dParameters.values();
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < size; i++) {
                float value = x.get(i, n);
                float slope = value > 0 ? 1 : a[parameters.offset() + i];
                da[dParameters.offset() + i] += dy.get(i, n) * Math.min(0, value); // added to: other batches may follow
                if (dx != null) {
                    dx.set(i, n, slope * dy.get(i, n));
                }
            }
        }
    }
}
