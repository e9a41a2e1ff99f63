package dev.backdraft.layer;

import static dev.backdraft.linalg.Transpose.NO;
import static dev.backdraft.linalg.Transpose.YES;

import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;

/**
 * Fully connected layer, {@code y = W x + b}.
 *
 * <p>Shapes, one example per column, n examples: x [in × n], y [out × n], W [out × in], b [out × 1]. In the flat vector: W
 * column by column, then b. Initial W: {@link #initializer()}; b is zero.
 */
public record Dense(int inputSize, int outputSize, Initializer initializer) implements Layer {
    public Dense {
        if (inputSize <= 0 || outputSize <= 0) {
            throw new IllegalArgumentException("layer sizes must be positive: " + inputSize + " -> " + outputSize);
        }
        Math.addExact(Math.multiplyExact(inputSize, outputSize), outputSize);
    }

    @Override
    public int parameterCount() {
        return inputSize * outputSize + outputSize;
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        initializer.fill(random, weights(parameters));
        int from = parameters.offset() + inputSize * outputSize;
        Arrays.fill(parameters.values(), from, from + outputSize, 0);
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y) {
        Blas.gemm(weights(parameters), NO, x, NO, 0, y); // y = W x
        Blas.addToColumns(bias(parameters), y); // y += b
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters) {
        Blas.gemm(dy, NO, x, YES, 1, weights(dParameters)); // dW += dy x'
        Blas.addRowSums(dy, bias(dParameters)); // db += row sums of dy
        if (dx != null) {
            Blas.gemm(weights(parameters), YES, dy, NO, 0, dx); // dx = W' dy
        }
    }

    /** W [out × in] within the slice. */
    public Matrix weights(Slice slice) {
        return slice.matrix(0, outputSize, inputSize);
    }

    /** b [out × 1] within the slice. */
    public Matrix bias(Slice slice) {
        return slice.matrix(inputSize * outputSize, outputSize, 1);
    }
}
