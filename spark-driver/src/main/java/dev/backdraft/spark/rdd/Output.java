package dev.backdraft.spark.rdd;

import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/** What is made of the predictions of a row. */
interface Output<T> extends Serializable {
    /**
     * Makes it of one row.
     *
     * @param predicted has predicted the row
     */
    T of(Predictor predicted, int row);

    /** The label of the class, as a number. */
    static Output<Double> classLabel(Model model) {
        double[] labels = new double[model.classCount()];
        Arrays.setAll(labels, model::classLabel);
        return (predicted, row) -> labels[predicted.predictedClass(row)];
    }

    /** The only output. */
    static double value(Predictor predicted, int row) {
        return predicted.value(0, row);
    }

    /** Every output. */
    static Vector all(Predictor predicted, int row) {
        double[] values = new double[predicted.outputs()];
        for (int k = 0; k < values.length; k++) {
            values[k] = predicted.value(k, row);
        }
        return Vectors.dense(values);
    }

    /** Of each class: of both when the only output is the probability of class 1. */
    static Vector probabilities(Predictor predicted, int row) {
        if (predicted.outputs() > 1) {
            return all(predicted, row);
        }
        return Vectors.dense(predicted.probability(0, row), predicted.probability(1, row));
    }
}
