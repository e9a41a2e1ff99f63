package dev.backdraft.train;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model does on labelled rows: the mean loss, any metrics, and for classes the confusion matrix; a regression's
 * metrics are in the label's own units. Mutable, not thread-safe.
 */
public final class Evaluation {
    private static final int BATCH = 1024;
    private static final int MOST_CLASSES = 1000; // of a confusion matrix, which is their square
    private static final int MOST_RANKED = 30; // classes whose scores are all kept for ROC AUC

    private final Model model;
    private final List<Metric> metrics;
    private final MetricSums sums;
    private final ConfusionMatrix confusion; // null for a regression, several questions, or too many classes
    private long rows;
    private double lossSum;

    private Evaluation(Model model, List<Metric> metrics) {
        this.model = model;
        this.metrics = List.copyOf(metrics);
        sums = new MetricSums(
                metrics, Measures.predictionKind(model.loss()), model.network().outputSize());
        int classes = model.classCount();
        confusion = model.choosesClass() && classes <= MOST_CLASSES ? new ConfusionMatrix(classes) : null;
    }

    /** The metrics that people look at first, for such a model. */
    public static List<Metric> usualMetrics(Model model) {
        PredictionKind kind = Measures.predictionKind(model.loss());
        if (kind == PredictionKind.VALUES) {
            return named("mse", "rmse", "mae", "r2");
        }
        List<Metric> usual =
                new ArrayList<>(named("accuracy", "precision-macro", "recall-macro", "f1-macro", "log-loss"));
        if (kind == PredictionKind.CLASSES && model.classCount() > 5) {
            usual.addAll(1, named("top-5-accuracy"));
        }
        if (model.classCount() <= MOST_RANKED) {
            usual.addAll(named("roc-auc"));
        }
        usual.addAll(named("calibration-error"));
        return usual;
    }

    private static List<Metric> named(String... names) {
        return List.of(names).stream().map(Metrics::named).toList();
    }

    /** Evaluates a model on all rows of a source by its {@link #usualMetrics}. */
    public static Evaluation of(Model model, ExampleSource source) throws IOException {
        return of(model, source, usualMetrics(model));
    }

    /**
     * Evaluates a model on all rows of a source.
     *
     * @throws DataException when a row or its label does not fit the model
     * @throws IllegalArgumentException when a metric does not suit the model
     */
    public static Evaluation of(Model model, ExampleSource source, List<Metric> metrics) throws IOException {
        Evaluation evaluation = new Evaluation(model, metrics);
        int blockRows = model.blockRows(BATCH);
        Predictor predictor = model.predictor(blockRows);
        List<Example> batch = new ArrayList<>(blockRows);
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    int outputs = model.network().outputSize();
                    model.checkWidth(row, reader::where);
                    batch.add(LabelRules.resolve(row, model.preprocessing(), model.loss(), outputs, reader::where));
                    if (batch.size() == blockRows) {
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
        predictor.loadResolved(batch);
        int labels = batch.get(0).labelCount();
        Matrix label = Matrix.zeros(labels, batch.size());
        Matrix target = Matrix.zeros(labels, batch.size());
        for (int n = 0; n < batch.size(); n++) {
            batch.get(n).copyLabelsTo(label.values(), n * labels, labels);
            batch.get(n).copyLabelsTo(target.values(), n * labels, labels);
            model.preprocessing().scaleLabels(target.values(), n * labels);
        }
        Matrix logits = predictor.logits();
        lossSum += model.loss().sum(logits, target, null, Matrix.zeros(logits.rows(), logits.columns()));
        Matrix prediction = predictor.predictCentered();
        sums.add(prediction, label, null);
        if (confusion != null) {
            for (int n = 0; n < batch.size(); n++) {
                confusion.add(trueClass(label, n), Predictor.predictedClass(prediction, n), 1);
            }
        }
        rows += batch.size();
    }

    /** The index that is the label, the largest share of a distribution, or yes for an answer above one half. */
    private int trueClass(Matrix label, int column) {
        boolean index = label.rows() == 1 && model.network().outputSize() > 1;
        return index ? (int) label.get(0, column) : Predictor.predictedClass(label, column);
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** The objective of the mean loss a row, of the label as the network sees it (scaled, when the model scales it). */
    public double loss() {
        return model.loss().objective(lossSum / rows);
    }

    /** The metrics that were asked for. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** The value of one of the {@link #metrics}. */
    public double value(Metric metric) {
        return metric.label().equals("loss") ? loss() : sums.value(metric);
    }

    /**
     * The value of a metric by name.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public double value(String metric) {
        return value(Metrics.named(metric));
    }

    /** Rows by true and predicted class; null for a regression, several questions a row, or more than 1,000 classes. */
    public ConfusionMatrix confusion() {
        return confusion;
    }
}
