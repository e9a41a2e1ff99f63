package dev.backdraft.explain;

import dev.backdraft.data.Example;
import dev.backdraft.data.LabelBatch;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.util.Arrays;
import java.util.List;

/**
 * Measures a model on rows of which one column is permuted. Every permutation is drawn from the stream of (seed, repeat, feature),
 * so that a value does not depend on what was measured before it, nor where. Scratch, for one thread.
 */
public final class ColumnPermutation {
    private static final long PERMUTATION = 0x7065726d757465L; // the purpose of the draws

    private final Model model;
    private final Metric metric;
    private final ImportanceRows rows;
    private final long seed;
    private final int features;
    private final Predictor predictor;
    private final RowBatches batches;
    private final RowEncoder columns; // whose features change places together; null: each on its own
    private final int[] order;

    /** @throws IllegalArgumentException when the metric does not suit the model */
    public ColumnPermutation(Model model, Metric metric, ImportanceRows rows, long seed) {
        this.model = model;
        this.metric = metric;
        this.rows = rows;
        this.seed = seed;
        features = model.network().inputSize();
        predictor = model.predictor(RowBatches.MOST_ROWS);
        batches = new RowBatches(model, rows.rows());
        columns = model.preprocessing().columns();
        order = new int[rows.rows().size()];
        sums();
    }

    private MetricSums sums() {
        return model.newSums(List.of(metric));
    }

    /** What can change places: the features of a model, or the columns of one that takes a table. */
    public static int count(Model model) {
        RowEncoder columns = model.preprocessing().columns();
        return columns == null ? model.network().inputSize() : columns.columns().size();
    }

    /** The metric of the rows as they are. */
    public double baseline() {
        return measure(0, 0);
    }

    /**
     * The metric of the rows whose values of a feature, or a column, change places, in repeats 0, 1, … in different
     * ways.
     */
    public double value(int feature, int repeat) {
        SplitMix.at(seed, PERMUTATION, repeat, feature).permutation(order);
        if (columns == null) {
            return measure(feature, feature + 1);
        }
        boolean last = feature + 1 == columns.columns().size();
        return measure(columns.firstFeature(feature), last ? columns.width() : columns.firstFeature(feature + 1));
    }

    private static float value(Example row, int feature) {
        if (!row.isSparse()) {
            return row.values()[feature];
        }
        int place = Arrays.binarySearch(row.indices(), feature);
        return place < 0 ? 0 : row.values()[place];
    }

    /** @param first of the features that change places */
    private double measure(int first, int end) {
        MetricSums sums = sums();
        for (int from = 0; batches.load(from); from += batches.count()) {
            for (int n = 0; first < end && n < batches.count(); n++) {
                Example other = rows.rows().get(order[from + n]);
                for (int feature = first; feature < end; feature++) {
                    batches.x()[n * features + feature] = value(other, feature);
                }
            }
            predictor.loadResolved(batches.x(), batches.count());
            LabelBatch labels = batches.labels();
            sums.add(
                    predictor.logits(), labels.target(), predictor.predictCentered(), labels.label(), labels.weights());
        }
        return sums.value(metric);
    }
}
