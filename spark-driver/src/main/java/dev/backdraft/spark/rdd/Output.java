package dev.backdraft.spark.rdd;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Predictor;
import java.io.Serializable;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/** What is made of a column of predictions. */
interface Output<T> extends Serializable {
    /**
     * Makes it of one column.
     *
     * @param prediction [outputs × n]; read
     */
    T of(Matrix prediction, int column);

    /** The index of the class. */
    static double predictedClass(Matrix prediction, int column) {
        return Predictor.predictedClass(prediction, column);
    }

    /** The only output. */
    static double value(Matrix prediction, int column) {
        return prediction.get(0, column);
    }

    /** Every output. */
    static Vector all(Matrix prediction, int column) {
        double[] values = new double[prediction.rows()];
        for (int k = 0; k < values.length; k++) {
            values[k] = prediction.get(k, column);
        }
        return Vectors.dense(values);
    }

    /** Of each class: of both when the only output is the probability of class 1. */
    static Vector probabilities(Matrix prediction, int column) {
        if (prediction.rows() > 1) {
            return all(prediction, column);
        }
        double one = prediction.get(0, column);
        return Vectors.dense(1 - one, one);
    }
}
