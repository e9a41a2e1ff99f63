package dev.backdraft.spark.ml;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Predictor;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * Raw prediction, probability and prediction of a classifier, those of them that are wanted, in this order.
 *
 * @param classes K
 * @param thresholds one a class, or null; kept, not changed
 */
record ClassScores(int classes, boolean raw, boolean probability, boolean prediction, double[] thresholds)
        implements RowScores {
    @Override
    public int count() {
        return (raw ? 1 : 0) + (probability ? 1 : 0) + (prediction ? 1 : 0);
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        int at = from;
        if (raw) {
            values[at++] = raw(predictor.logits(), column);
        }
        if (probability) {
            values[at++] = probability(predictor, column);
        }
        if (prediction) {
            values[at] = prediction(predictor, column, thresholds);
        }
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        double[] unknown = new double[classes];
        Arrays.fill(unknown, Double.NaN);
        int vectors = count() - (prediction ? 1 : 0);
        Arrays.fill(values, from, from + vectors, Vectors.dense(unknown));
        if (prediction) {
            values[from + vectors] = Double.NaN;
        }
    }

    /**
     * The logits. For two classes they are −z and z, as Spark's evaluators take the entry of class 1 alone: z is the one output,
     * or half the difference of two.
     */
    static Vector raw(Matrix logits, int column) {
        if (logits.rows() > 2) {
            return vector(logits, column);
        }
        double z = logits.rows() == 1
                ? logits.get(0, column)
                : ((double) logits.get(1, column) - logits.get(0, column)) / 2;
        return Vectors.dense(new double[] {-z, z});
    }

    /** The probability of each class. */
    static Vector probability(Predictor predictor, int column) {
        double[] values = new double[Math.max(2, predictor.outputs())];
        for (int k = 0; k < values.length; k++) {
            values[k] = predictor.probability(k, column);
        }
        return Vectors.dense(values);
    }

    private static Vector vector(Matrix matrix, int column) {
        double[] values = new double[matrix.rows()];
        for (int k = 0; k < values.length; k++) {
            values[k] = matrix.get(k, column);
        }
        return Vectors.dense(values);
    }

    /**
     * The predicted class: the most probable or, with thresholds t, the one with the largest p/t, as Spark has it: a class with
     * threshold 0 always wins, unless its probability is 0 too.
     */
    static double prediction(Predictor predictor, int column, double[] thresholds) {
        return thresholds == null
                ? predictor.predictedClass(column)
                : prediction(probability(predictor, column), thresholds);
    }

    private static double prediction(Vector probability, double[] thresholds) {
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < thresholds.length; k++) {
            double scaled = probability.apply(k) / thresholds[k]; // 0 / 0 is NaN, and never larger
            if (scaled > largest) {
                largest = scaled;
                best = k;
            }
        }
        return best;
    }
}
