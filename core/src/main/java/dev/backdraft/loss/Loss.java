package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;

/**
 * A loss of logits z [outputs × n] against targets t, summed (never averaged) over the batch. The total is divided once, by the
 * sum of row weights. Stateless. Logits are the network's raw output. For a loss on probabilities, the network ends in a
 * sigmoid or softmax, and z are probabilities.
 *
 * <p>Targets are stored [{@link #labelCount labels} × n], one column a row of data.
 *
 * <p>To write your own: a public record with a public constructor without arguments, which sets the default constants,
 * and its class name in {@code META-INF/services/dev.backdraft.loss.Loss}. With {@link RegressionLoss}, you only write
 * a formula and its slope. A loss of classes that exclude each other says so by its {@link #target}, and writes {@link
 * #sum} and {@link #predict}.
 */
public interface Loss extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /** The kind of target: what the labels of a row mean, and what predictions say. */
    Target target();

    /** The number of labels of a row for a network with this number of outputs. */
    default int labelCount(int outputs) {
        return target().labelCount(outputs);
    }

    /** The outputs for which the loss is defined; by default any. */
    default OutputRange outputRange() {
        return OutputRange.ANY;
    }

    /** Whether each output is a number, which is compared with a label of its own. */
    default boolean comparesNumbers() {
        return target().isScalable();
    }

    /**
     * Whether a network may learn labels on another scale, such as their logarithms, and its predictions be taken back
     * to the label's own: by default where training may standardize them, too.
     */
    default boolean allowsLabelScale() {
        return target().isScalable();
    }

    /**
     * Returns Σₙ wₙ Lₙ and overwrites dLogits with its gradient.
     *
     * @param logits z [outputs × n]; read
     * @param target t [labels × n]; read
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
     * The mean loss of a model that gives every row the same answer without having looked at any: equal probabilities
     * of all classes, or 0 for values with mean 0 and standard deviation 1. A trained model should be better. NaN where
     * it is not known.
     */
    default double constantLoss(int outputs) {
        return Double.NaN;
    }

    /**
     * Returns Σ wₙ over the rows that are predicted right, 0 when the loss does not classify. By default a row is right
     * when its largest output is the target's class, or when every output predicts the right answer to its question.
     *
     * @param logits read
     * @param target read
     * @param weights as in {@link #sum}; read
     */
    default double correct(Matrix logits, Matrix target, float[] weights) {
        if (target().isOneOfMany()) {
            return ClassTarget.correct(logits, target, weights);
        }
        if (target().asksQuestions()) {
            Matrix probability = Matrix.zeros(logits.rows(), logits.columns());
            predict(logits, probability);
            return ClassTarget.correctAnswers(probability, 0.5, target, weights);
        }
        return 0;
    }

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
