package dev.backdraft.spark.ml;

import dev.backdraft.model.Predictor;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * The prediction of a regression: a number, or a vector when there are several.
 *
 * @param wanted whether there is a column for it
 */
record ValueScores(int outputs, boolean wanted) implements RowScores {
    @Override
    public int count() {
        return wanted ? 1 : 0;
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        if (wanted) {
            values[from] = outputs == 1 ? (Object) predictor.value(0, column) : vector(predictor, column);
        }
    }

    /** All outputs of a row. */
    static Vector vector(Predictor predictor, int column) {
        double[] numbers = new double[predictor.outputs()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = predictor.value(k, column);
        }
        return Vectors.dense(numbers);
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        if (wanted) {
            double[] unknown = new double[outputs];
            Arrays.fill(unknown, Double.NaN);
            values[from] = outputs == 1 ? (Object) Double.NaN : Vectors.dense(unknown);
        }
    }
}
