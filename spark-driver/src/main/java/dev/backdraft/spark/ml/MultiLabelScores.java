package dev.backdraft.spark.ml;

import dev.backdraft.model.Predictor;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * Probabilities and answers to questions of yes or no, those of them that are wanted, in this order.
 *
 * @param labels number of the questions
 */
record MultiLabelScores(int labels, boolean probability, boolean prediction) implements RowScores {
    @Override
    public int count() {
        return (probability ? 1 : 0) + (prediction ? 1 : 0);
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        if (probability) {
            values[from] = probabilities(predictor, column);
        }
        if (prediction) {
            values[from + (probability ? 1 : 0)] = answers(predictor, column);
        }
    }

    /** The probability of yes for each label. */
    static Vector probabilities(Predictor predictor, int column) {
        return ValueScores.vector(predictor, column);
    }

    /** 1 for each label whose probability is above the threshold of the model, else 0. */
    static Vector answers(Predictor predictor, int column) {
        double threshold = predictor.model().threshold();
        double[] answers = new double[predictor.outputs()];
        for (int k = 0; k < answers.length; k++) {
            answers[k] = predictor.value(k, column) > threshold ? 1 : 0;
        }
        return Vectors.dense(answers);
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        double[] unknown = new double[labels];
        Arrays.fill(unknown, Double.NaN);
        Arrays.fill(values, from, from + count(), Vectors.dense(unknown));
    }
}
