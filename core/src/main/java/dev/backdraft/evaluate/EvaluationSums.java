package dev.backdraft.evaluate;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.LabelBatch;
import dev.backdraft.data.RowsFingerprint;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.label.LabelRules;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.ScoredBatches;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * What an {@link Evaluation} is made of: sums over the rows of a part of the data. Parts are added in their order, wherever they
 * were computed, and so give the same bits. Mutable, not thread-safe.
 */
public final class EvaluationSums implements Serializable {
    private static final long serialVersionUID = 2;
    private static final int BATCH = 1024;
    private static final int MOST_CLASSES = 1000; // of a confusion matrix, which is their square

    private final MetricSums sums;
    private final ConfusionMatrix confusion; // null for a regression, several questions, or too many classes
    private final SkippedRows skipped = new SkippedRows();
    private final RowsFingerprint fingerprint = new RowsFingerprint();
    private long rows;

    /**
     * Of no rows.
     *
     * @throws IllegalArgumentException when a metric does not suit the model
     */
    public EvaluationSums(Model model, List<Metric> metrics) {
        sums = model.newSums(metrics);
        int classes = model.classCount();
        confusion = model.choosesClass() && classes <= MOST_CLASSES ? new ConfusionMatrix(classes) : null;
    }

    /**
     * Adds all rows of a reader.
     *
     * @throws dev.backdraft.data.DataException when a row or its label does not fit the model
     */
    public void add(Model model, ExampleReader reader) throws IOException {
        int outputs = model.network().outputSize();
        ScoredBatches batches = new ScoredBatches(model, BATCH, reader, (row, where) -> {
            fingerprint.add(row);
            return LabelRules.resolve(row, model.preprocessing(), model.loss(), outputs, where);
        });
        while (batches.next()) {
            add(model, batches.predictor(), batches.rows());
        }
        skipped.add(reader.skipped());
    }

    private void add(Model model, Predictor predictor, List<Example> batch) {
        LabelBatch labels = LabelBatch.of(batch, model.preprocessing());
        Matrix prediction = predictor.predictCentered();
        sums.add(predictor.logits(), labels.target(), prediction, labels.label(), null);
        if (confusion != null) {
            for (int n = 0; n < batch.size(); n++) {
                confusion.add(trueClass(model, labels.label(), n), predictor.predictedClass(n), 1);
            }
        }
        rows += batch.size();
    }

    /** The index that is the label, the largest share of a distribution, or yes for an answer above one half. */
    private static int trueClass(Model model, Matrix label, int column) {
        boolean index = label.rows() == 1 && model.network().outputSize() > 1;
        return index ? (int) label.get(0, column) : Predictor.mostProbableClass(label, column);
    }

    /** Adds the sums of the next part, of the same model and metrics; {@code next} is read. */
    public void add(EvaluationSums next) {
        sums.add(next.sums);
        if (confusion != null) {
            confusion.add(next.confusion);
        }
        skipped.add(next.skipped);
        rows += next.rows;
        fingerprint.add(next.fingerprint);
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    MetricSums metrics() {
        return sums;
    }

    ConfusionMatrix confusion() {
        return confusion;
    }

    SkippedRows skipped() {
        return skipped;
    }

    String fingerprint() {
        return fingerprint.toString();
    }
}
