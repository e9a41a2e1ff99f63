package dev.backdraft.optim;

import dev.backdraft.json.Require;
import dev.backdraft.tensor.Tensor;
import java.io.Serializable;

/**
 * The max-norm constraint: after each step, the incoming weights of a unit whose Euclidean norm exceeds c are scaled back to it,
 * {@code wᵢ ← wᵢ min(1, c/‖wᵢ‖₂)}, row i of each penalized tensor. Srebro and Shraibman 2005; with dropout, Srivastava
 * et al. 2014, section 5.1. Not the norm of a whole matrix, and biases are not counted unless they are penalized.
 *
 * @param limit c, positive
 */
public record MaxNorm(double limit) implements Serializable {
    private static final int ROWS_AT_ONCE = 16; // a cache line of floats, as matrices lie column by column

    public MaxNorm {
        Require.positive("limit", limit);
    }

    /** c = 3; Srivastava et al. found 3 to 4 good. */
    public MaxNorm() {
        this(3);
    }

    /**
     * Scales back what is too long; to be called after the optimizer's step.
     *
     * @param parameters changed in the penalized tensors
     */
    public void apply(ParameterLayout layout, float[] parameters) {
        double[] scales = new double[ROWS_AT_ONCE];
        for (Tensor matrix : layout.tensors()) {
            if (layout.penalizes(matrix)) {
                for (int row = 0; row < matrix.rows(); row += ROWS_AT_ONCE) {
                    apply(matrix, row, Math.min(ROWS_AT_ONCE, matrix.rows() - row), parameters, scales);
                }
            }
        }
    }

    private void apply(Tensor matrix, int firstRow, int count, float[] parameters, double[] scales) {
        for (int row = 0; row < count; row++) {
            scales[row] = 0;
        }
        int end = matrix.end();
        for (int column = matrix.offset() + firstRow; column < end; column += matrix.rows()) {
            for (int row = 0; row < count; row++) {
                double w = parameters[column + row];
                scales[row] += w * w;
            }
        }
        boolean tooLong = false;
        for (int row = 0; row < count; row++) {
            double norm = Math.sqrt(scales[row]);
            scales[row] = norm > limit ? limit / norm : 1;
            tooLong |= norm > limit;
        }
        if (tooLong) {
            for (int column = matrix.offset() + firstRow; column < end; column += matrix.rows()) {
                for (int row = 0; row < count; row++) {
                    parameters[column + row] = (float) (scales[row] * parameters[column + row]);
                }
            }
        }
    }
}
