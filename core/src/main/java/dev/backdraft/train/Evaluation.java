package dev.backdraft.train;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model does on labelled rows: the mean loss, and for classes the confusion matrix, for a regression MSE, MAE and R²
 * in the label's own units. Mutable, not thread-safe.
 */
public final class Evaluation {
    private static final int BATCH = 1024;

    private final Model model;
    private final long[][] confusion; // [true][predicted]
    private long rows;
    private double lossSum;
    private double squaredErrors;
    private double absoluteErrors;
    private double meanLabel; // running, Welford 1962
    private double squaredDeviations;

    private Evaluation(Model model) {
        this.model = model;
        confusion = new long[model.classCount()][model.classCount()];
    }

    /**
     * Evaluates a model on all rows of a source.
     *
     * @throws DataException when a row or its label does not fit the model
     */
    public static Evaluation of(Model model, ExampleSource source) throws IOException {
        Evaluation evaluation = new Evaluation(model);
        Predictor predictor = model.predictor(BATCH);
        List<Example> batch = new ArrayList<>(BATCH);
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    int outputs = model.network().outputSize();
                    batch.add(row.withLabel(
                            LabelRules.resolve(row, model.preprocessing(), model.loss(), outputs, reader::where)));
                    if (batch.size() == BATCH) {
                        evaluation.add(predictor, batch);
                        batch.clear();
                    }
                }
            }
        }
        evaluation.add(predictor, batch);
        if (evaluation.rows == 0) {
            throw new DataException("no rows to evaluate");
        }
        return evaluation;
    }

    private void add(Predictor predictor, List<Example> batch) {
        if (batch.isEmpty()) {
            return;
        }
        predictor.load(batch);
        Matrix target = Matrix.zeros(1, batch.size());
        for (int n = 0; n < batch.size(); n++) {
            target.set(0, n, model.preprocessing().scaled((float) batch.get(n).label()));
        }
        Matrix logits = predictor.logits();
        lossSum += model.loss().sum(logits, target, null, Matrix.zeros(logits.rows(), logits.columns()));
        Matrix prediction = predictor.predict();
        for (int n = 0; n < batch.size(); n++) {
            add((float) batch.get(n).label(), prediction, n);
        }
    }

    private void add(float label, Matrix prediction, int column) {
        rows++;
        if (confusion.length > 0) {
            confusion[(int) label][Predictor.predictedClass(prediction, column)]++;
            return;
        }
        double error = (double) prediction.get(0, column) - label;
        squaredErrors += error * error;
        absoluteErrors += Math.abs(error);
        double fromOldMean = label - meanLabel;
        meanLabel += fromOldMean / rows;
        squaredDeviations += fromOldMean * (label - meanLabel);
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** Mean loss a row, of the label as the network sees it (scaled, when the model scales it). */
    public double loss() {
        return lossSum / rows;
    }

    /** Share of rows whose class is predicted right, 0 … 1; NaN for a regression. */
    public double accuracy() {
        if (confusion.length == 0) {
            return Double.NaN;
        }
        long right = 0;
        for (int k = 0; k < confusion.length; k++) {
            right += confusion[k][k];
        }
        return (double) right / rows;
    }

    /** Counts of rows by [true class][predicted class], a copy; empty for a regression. */
    public long[][] confusion() {
        long[][] copy = new long[confusion.length][];
        for (int k = 0; k < copy.length; k++) {
            copy[k] = confusion[k].clone();
        }
        return copy;
    }

    /** Mean squared error, in the square of the label's units. */
    public double meanSquaredError() {
        return squaredErrors / rows;
    }

    /** Mean absolute error, in the label's units. */
    public double meanAbsoluteError() {
        return absoluteErrors / rows;
    }

    /** R² = 1 − Σ(p − t)² / Σ(t − mean t)²: 1 is perfect, 0 no better than the mean. */
    public double rSquared() {
        return 1 - squaredErrors / squaredDeviations;
    }
}
