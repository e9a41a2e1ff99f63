package dev.backdraft.model;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.network.Backpropagation;
import java.util.List;

/** Predicts batches of rows. Scratch, for one thread: what a call returns stays until the next. */
public final class Predictor {
    private final Model model;
    private final Backpropagation backpropagation;
    private final Matrix all;
    private Matrix x;

    Predictor(Model model, int maxRows) {
        this.model = model;
        backpropagation = new Backpropagation(model.network(), model.loss(), maxRows);
        all = Matrix.zeros(model.network().inputSize(), maxRows);
        x = all;
    }

    /**
     * Takes rows, scaled as the model's training rows were.
     *
     * @param rows at most as many as this predictor was made for; read
     * @throws DataException when a row is wider than the network's input, or a dense one narrower
     */
    public void load(List<Example> rows) {
        x = all.firstColumns(rows.size());
        for (int n = 0; n < rows.size(); n++) {
            Example row = rows.get(n);
            checkWidth(row.width(), row.isSparse());
            row.copyTo(x.values(), n * x.rows(), x.rows());
            scale(n);
        }
    }

    /** Takes one row; the array is read. */
    void load(float[] features) {
        checkWidth(features.length, false);
        x = all.firstColumns(1);
        System.arraycopy(features, 0, x.values(), 0, features.length);
        scale(0);
    }

    private void checkWidth(int width, boolean sparse) {
        if (sparse ? width > all.rows() : width != all.rows()) {
            throw new DataException("a row has %d features but the model takes %d", width, all.rows());
        }
    }

    private void scale(int column) {
        Standardizer features = model.preprocessing().features();
        if (features != null) {
            features.apply(x.values(), column * x.rows());
        }
    }

    /** The logits [outputs × n] of the rows taken last. */
    public Matrix logits() {
        return backpropagation.forward(model.sharedParameters(), x);
    }

    /** The predictions [outputs × n] of the rows taken last: class probabilities, or values in the label's own units. */
    public Matrix predict() {
        Matrix prediction = logits();
        model.loss().predict(prediction, prediction);
        Standardizer label = model.preprocessing().label();
        if (label != null) {
            for (int n = 0; n < prediction.columns(); n++) {
                prediction.set(0, n, (float) label.invert(0, prediction.get(0, n)));
            }
        }
        return prediction;
    }

    /** The class of a column of predictions: the most probable, the first of equal ones. */
    public static int predictedClass(Matrix prediction, int column) {
        if (prediction.rows() == 1) {
            return prediction.get(0, column) > 0.5f ? 1 : 0;
        }
        int best = 0;
        for (int k = 1; k < prediction.rows(); k++) {
            if (prediction.get(k, column) > prediction.get(best, column)) {
                best = k;
            }
        }
        return best;
    }
}
