package dev.backdraft.evaluate;

import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.model.Provenance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How well a model does on labelled rows: the mean loss, any metrics, and for classes the confusion matrix; a regression's
 * metrics are in the label's own units. Immutable.
 */
public final class Evaluation {
    private static final int MOST_RANKED = 30; // classes whose scores are all kept for ROC AUC

    private final Model model;
    private final List<Metric> metrics;
    private final EvaluationSums sums;

    /**
     * Of the sums over all rows.
     *
     * @param metrics that the sums were made for; no others
     * @throws DataException when there are no rows
     */
    public Evaluation(Model model, List<Metric> metrics, EvaluationSums sums) {
        this.model = model;
        if (sums.rows() == 0) {
            throw new DataException(
                    sums.skipped().total() == 0 ? "no rows to evaluate" : "no rows to evaluate: " + sums.skipped());
        }
        this.metrics = List.copyOf(metrics);
        this.sums = sums;
    }

    /** The metrics that people look at first, for such a model. */
    public static List<Metric> usualMetrics(Model model) {
        PredictionKind kind = PredictionKind.of(model.loss());
        if (kind == PredictionKind.VALUES) {
            return named("mse", "rmse", "mae", "r2");
        }
        if (kind == PredictionKind.QUANTILES) {
            return named("pinball-loss", "coverage-error", "mae");
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
        EvaluationSums sums = new EvaluationSums(model, metrics);
        for (int part = 0; part < source.parts(); part++) {
            EvaluationSums ofPart = new EvaluationSums(model, metrics);
            try (ExampleReader reader = source.open(part)) {
                ofPart.add(model, reader);
            }
            sums.add(ofPart); // part by part, as a cluster adds them
        }
        return new Evaluation(model, metrics, sums);
    }

    /** Number of rows. */
    public long rows() {
        return sums.rows();
    }

    /** The rows that were skipped for an invalid value. */
    public SkippedRows skipped() {
        return sums.skipped();
    }

    /**
     * A hash of all rows, without their weights, that does not depend on their order. It is the {@code
     * sourceFingerprint}, or else the {@code dataFingerprint}, of a model's provenance when these are the rows of the
     * data that it was trained on, those kept back for validation or a test included.
     */
    public String fingerprint() {
        return sums.fingerprint();
    }

    /**
     * How many of these rows the model was trained on, as far as it is known: all or some when they are the rows of its
     * data.
     */
    public Seen seen() {
        Map<String, String> provenance = model.provenance();
        String all = Long.toString(rows());
        String ofData = provenance.getOrDefault(Provenance.SOURCE, provenance.get(Provenance.DATA));
        if (!fingerprint().equals(ofData)) {
            return Seen.UNKNOWN;
        }
        return all.equals(provenance.get(Provenance.TRAINING_ROWS)) ? Seen.ALL : Seen.SOME;
    }

    /** How many of the rows the model has seen in its training. */
    public enum Seen {
        /** All of them. */
        ALL,

        /** Some: others were kept back for validation or a test. */
        SOME,

        /** These are not the rows of the model's data, so it may have seen any number of them. */
        UNKNOWN
    }

    /** The objective of the mean loss a row, of the label as the network sees it (scaled, when the model scales it). */
    public double loss() {
        return sums.metrics().loss();
    }

    /** The metrics that were asked for. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** The value of one of the {@link #metrics}. */
    public double value(Metric metric) {
        return sums.metrics().value(metric);
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
        return sums.confusion();
    }
}
