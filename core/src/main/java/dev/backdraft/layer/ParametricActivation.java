package dev.backdraft.layer;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Selu;
import dev.backdraft.initializer.Constant;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;
import java.util.Objects;

/**
 * A learned mixture of an activation and the identity for each unit, {@code y = α f(x) + (1 − α) x}. RealMLP
 * (Holzmüller, Grinsztajn and Steinwart 2024). Backwards {@code dx = α f'(x) dy + (1 − α) dy, dα = Σ (f(x) − x) dy}. In
 * the flat vector: α [size], which starts at 1, so that the layer starts as the activation.
 *
 * @param function f
 */
public record ParametricActivation(Activation function, int size) implements Layer {
    public ParametricActivation {
        LayerSize.positive(size);
        Objects.requireNonNull(function, "function");
    }

    /** SELU of one unit, as RealMLP has it for classes. */
    public ParametricActivation() {
        this(new Selu(), 1);
    }

    @Override
    public String name() {
        return "parametric-activation";
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
        return List.of(Parameter.bias("mixture", size));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        new Constant(1).fill(random, parameters.matrix(0, size, 1));
    }

    @Override
    public Initializer initializerBefore() {
        return function.initializer();
    }

    /** f(x), and the gradient that has passed f. */
    @Override
    public int scratchSize(int rows) {
        return Math.multiplyExact(2, Math.multiplyExact(size, rows));
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        Matrix bent = new Matrix(pass.scratch(), 0, size, x.columns());
        function.forward(x, bent);
        float[] alpha = parameters.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int yAt = y.offset() + n * size;
            for (int i = 0; i < size; i++) {
                float a = alpha[parameters.offset() + i];
                y.values()[yAt + i] = a * bent.values()[n * size + i] + (1 - a) * x.values()[at + i];
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        Matrix bent = new Matrix(pass.scratch(), 0, size, x.columns());
        Matrix passed = new Matrix(pass.scratch(), x.size(), size, x.columns());
        if (dx != null) {
            function.backward(x, bent, dy, passed);
        }
        float[] alpha = parameters.values();
        float[] dAlpha = dParameters.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int dAt = dy.offset() + n * size;
            for (int i = 0; i < size; i++) {
                float d = dy.values()[dAt + i];
                dAlpha[dParameters.offset() + i] += (bent.values()[n * size + i] - x.values()[at + i]) * d;
                if (dx != null) {
                    float a = alpha[parameters.offset() + i];
                    dx.values()[dx.offset() + n * size + i] =
                            a * passed.values()[passed.offset() + n * size + i] + (1 - a) * d;
                }
            }
        }
    }
}
