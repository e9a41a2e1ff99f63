package dev.backdraft.layer;

import static dev.backdraft.linalg.Transpose.NO;
import static dev.backdraft.linalg.Transpose.YES;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SparseMatrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Fully connected layer, {@code y = W x + b}, or {@code y = W x} without bias.
 *
 * <p>Shapes, one example per column, n examples: x [in × n], y [out × n], W [out × in], b [out × 1]. In the flat vector: W
 * column by column, then b.
 *
 * @param bias whether there is a b
 * @param initializer of W
 * @param biasInitializer of b
 */
public record Dense(int inputSize, int outputSize, boolean bias, Initializer initializer, Initializer biasInitializer)
        implements SparseLayer {
    public Dense {
        if (inputSize <= 0 || outputSize <= 0) {
            throw new IllegalArgumentException("layer sizes must be positive: " + inputSize + " -> " + outputSize);
        }
        Require.fitsArray(
                "a dense layer of " + inputSize + " -> " + outputSize, "parameters", (inputSize + 1L) * outputSize);
        Objects.requireNonNull(initializer, "initializer");
        Objects.requireNonNull(biasInitializer, "biasInitializer");
    }

    /** One unit with one input. */
    public Dense() {
        this(1, 1, new GlorotUniform());
    }

    /** With a bias that starts at zero. */
    public Dense(int inputSize, int outputSize, Initializer initializer) {
        this(inputSize, outputSize, true, initializer, new Zeros());
    }

    @Override
    public String name() {
        return "dense";
    }

    @Override
    public List<Parameter> parameters() {
        Parameter weight = Parameter.weight("weight", outputSize, inputSize);
        return bias ? List.of(weight, Parameter.bias("bias", outputSize)) : List.of(weight);
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        initializer.fill(random, weights(parameters));
        if (bias) {
            biasInitializer.fill(random, biases(parameters));
        }
    }

    @Override
    public boolean overwritesGradient() {
        return true;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        if (bias) {
            Blas.fillColumns(biases(parameters), y); // y = b
        }
        Blas.gemm(weights(parameters), NO, x, NO, bias ? 1 : 0, y); // y += W x
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float kept = pass.startsGradient() ? 0 : 1;
        Blas.gemm(dy, NO, x, YES, kept, weights(dParameters)); // dW += dy x'
        if (bias) {
            Blas.rowSums(dy, kept, biases(dParameters)); // db += row sums of dy
        }
        if (dx != null) {
            Blas.gemm(weights(parameters), YES, dy, NO, 0, dx); // dx = W' dy
        }
    }

    @Override
    public void forward(Slice parameters, SparseMatrix x, Matrix y, Pass pass) {
        if (bias) {
            Blas.fillColumns(biases(parameters), y);
        } else {
            Arrays.fill(y.values(), y.offset(), y.offset() + y.size(), 0);
        }
        Blas.gemm(weights(parameters), x, y);
    }

    @Override
    public void backward(SparseMatrix x, Matrix dy, Slice dParameters, Pass pass) {
        Blas.gemmTransposed(dy, x, weights(dParameters));
        if (bias) {
            Blas.rowSums(dy, 1, biases(dParameters));
        }
    }

    @Override
    public boolean divideOutputs(Slice parameters, double divisor) {
        parameters.divide(0, parameters.length(), divisor);
        return true;
    }

    /** W [out × in] within the slice. */
    public Matrix weights(Slice slice) {
        return slice.matrix(0, outputSize, inputSize);
    }

    /** b [out × 1] within the slice; not without bias. */
    public Matrix biases(Slice slice) {
        return slice.matrix(inputSize * outputSize, outputSize, 1);
    }
}
