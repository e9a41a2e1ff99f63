package dev.backdraft.spark.ml;

import dev.backdraft.linalg.Matrix;
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
    public void put(Matrix logits, Matrix predictions, int column, Object[] values, int from) {
        if (wanted) {
            values[from] = outputs == 1 ? (Object) (double) predictions.get(0, column) : vector(predictions, column);
        }
    }

    /** All outputs of a row. */
    static Vector vector(Matrix predictions, int column) {
        double[] numbers = new double[predictions.rows()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = predictions.get(k, column);
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
