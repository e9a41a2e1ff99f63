package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SparseMatrix;

/**
 * A layer that can take sparse input, when it is the first of a network. Its first parameter is a matrix [outputSize ×
 * inputSize] whose columns belong to the inputs. What it computes are the bits of {@link #forward(Slice, Matrix,
 * Matrix, Pass)} and {@link #backward(Slice, Matrix, Matrix, Matrix, Matrix, Slice, Pass)} for the same numbers.
 */
public interface SparseLayer extends Layer {
    /**
     * Computes y from x.
     *
     * @param parameters read
     * @param x [inputSize × n]; read
     * @param y [outputSize × n]; overwritten
     * @param pass what is known of the pass
     */
    void forward(Slice parameters, SparseMatrix x, Matrix y, Pass pass);

    /**
     * Adds the gradient of the parameters.
     *
     * @param x the input of {@link #forward(Slice, SparseMatrix, Matrix, Pass)}; read
     * @param dy d(loss)/dy, summed over the batch, [outputSize × n]; read
     * @param dParameters d(loss)/d(parameters); added to. Of the first parameter, only the columns of inputs that x
     *     stores change
     * @param pass the pass of the forward pass
     */
    void backward(SparseMatrix x, Matrix dy, Slice dParameters, Pass pass);
}
