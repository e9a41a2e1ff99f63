package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;

/**
 * A loss of logits z [outputs × n] against targets t, summed (never averaged) over the batch. The total is divided once, by the
 * sum of row weights. Stateless. Logits are the network's raw output. For a loss on probabilities, the network ends in a
 * sigmoid or softmax, and z are probabilities.
 *
 * <p>Targets are stored [{@link #labelSize} × n], one column a row of data.
 *
 * <p>To write your own: a public record with a public constructor without arguments, which sets the default constants, and its
 * class name in {@code META-INF/services/dev.backdraft.loss.Loss}. With {@link RegressionLoss}, you only write a formula and
 * its slope.
 */
public interface Loss extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /** Length of a row's label for a network with this number of outputs. */
    int labelSize(int outputSize);

    /** Whether the label of a row is a class, so that accuracy can be computed. */
    boolean classifies();

    /**
     * Whether training may standardize labels (subtract their mean, divide by their deviation) and undo that in predictions. It
     * may not if the label is a class or a count.
     */
    default boolean allowsScaledLabel() {
        return !classifies();
    }

    /** Number of classes of a network with this number of outputs; 0 when the loss does not classify. */
    int classCount(int outputSize);

    /**
     * Returns Σₙ wₙ Lₙ and overwrites dLogits with its gradient.
     *
     * @param logits z [outputs × n]; read
     * @param target t [labelSize × n]; read
     * @param weights w, the weights of the n rows from {@code weights[0]}; null when all are 1; read
     * @param dLogits d(sum)/dz [outputs × n]; overwritten; may be the array of logits
     */
    double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits);

    /**
     * The objective that is reported and minimized, a function E of the mean loss: usually the mean itself, but for example the
     * root of the mean for a root mean squared error.
     */
    default double objective(double meanLoss) {
        return meanLoss;
    }

    /** dE/d(mean loss), which the mean gradient is multiplied with: 1 where E is the mean. */
    default double objectiveSlope(double meanLoss) {
        return 1;
    }

    /**
     * Returns Σ wₙ over the rows whose most probable class is the target's, 0 when the loss does not classify.
     *
     * @param logits read
     * @param target read
     * @param weights as in {@link #sum}; read
     */
    double correct(Matrix logits, Matrix target, float[] weights);

    /**
     * Converts logits to predictions: class probabilities or values.
     *
     * @param logits [outputs × n]; read
     * @param prediction [outputs × n]; overwritten; may be the array of logits
     */
    void predict(Matrix logits, Matrix prediction);

    /** The weight of row n: 1 without weights. */
    static float weight(float[] weights, int n) {
        return weights == null ? 1 : weights[n];
    }
}
