package dev.backdraft.explain;

import dev.backdraft.data.Example;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.StandardMetric;
import dev.backdraft.model.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Importance of features by permutation: the values of a feature are shuffled between rows, and the metric is measured again.
 *
 * <p>With e the metric, E<sub>jr</sub> its value with column j permuted the r-th time, R repeats, and s = 1 for a loss or an error,
 * −1 for a metric where larger is better: {@code Iⱼ = 1/R Σᵣ s (Eⱼᵣ − e)}, with the deviation of the R terms. It is 0 for a
 * feature that the model ignores, and may be a little below 0 by chance. Features with the same information share their
 * importance. Breiman 2001, "Random forests", section 10, of any model as in Fisher, Rudin and Dominici 2019, "All models are
 * wrong, but many are useful", section 3, with a difference in place of the ratio.
 *
 * <p>The result depends on rows, model, metric and seed only: not on the order of rows, on threads or partitions. It takes R × features
 * passes over the rows.
 *
 * @param metric a metric that suits the model; {@code loss} is the training loss
 * @param repeats R, at least 1
 * @param seed of the permutations
 */
public record PermutationImportance(Metric metric, int repeats, long seed) implements Serializable {
    public PermutationImportance {
        Objects.requireNonNull(metric, "metric");
        if (repeats < 1) {
            throw new IllegalArgumentException("a column must be permuted at least once: repeats is " + repeats);
        }
    }

    /** Measures the increase of the loss, with 5 repeats and seed 42. */
    public PermutationImportance() {
        this(StandardMetric.LOSS, 5, 42);
    }

    /** Measures importance by this metric, such as {@code accuracy} or {@code r2}. */
    public PermutationImportance withMetric(Metric newMetric) {
        return new PermutationImportance(newMetric, repeats, seed);
    }

    public PermutationImportance withRepeats(int newRepeats) {
        return new PermutationImportance(metric, newRepeats, seed);
    }

    public PermutationImportance withSeed(long newSeed) {
        return new PermutationImportance(metric, repeats, newSeed);
    }

    /**
     * Measures a model on rows in memory, with all processors.
     *
     * @param rows labeled rows, as in the training data; read
     * @throws dev.backdraft.data.DataException when there are none, or one does not fit the model
     * @throws IllegalArgumentException when the metric does not suit the model
     */
    public Importances of(Model model, List<Example> rows) {
        return of(model, ImportanceRows.of(model, rows, seed, Integer.MAX_VALUE));
    }

    /** Measures a model on rows that have been selected. */
    public Importances of(Model model, ImportanceRows rows) {
        double baseline = new ColumnPermutation(model, metric, rows, seed).baseline();
        List<double[]> values = IntStream.range(0, ColumnPermutation.count(model))
                .parallel()
                .mapToObj(feature -> values(model, rows, feature))
                .toList();
        return result(model, rows, baseline, values);
    }

    /** The metric with a column permuted in each of the repeats; a new array. */
    public double[] values(Model model, ImportanceRows rows, int feature) {
        ColumnPermutation permutation = new ColumnPermutation(model, metric, rows, seed);
        double[] values = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++) {
            values[repeat] = permutation.value(feature, repeat);
        }
        return values;
    }

    /**
     * What follows from values that were measured elsewhere.
     *
     * @param baseline of the rows as they are
     * @param values of each feature, as {@link #values} gives them; read
     */
    public Importances result(Model model, ImportanceRows rows, double baseline, List<double[]> values) {
        int sign = metric.largerIsBetter() ? -1 : 1;
        List<FeatureImportance> features = new ArrayList<>();
        for (int feature = 0; feature < values.size(); feature++) {
            Spread rise = new Spread();
            for (double value : values.get(feature)) {
                rise.add(sign * (value - baseline), 1);
            }
            features.add(rise.of(model, feature));
        }
        return new Importances(metric.label(), baseline, rows.rows().size(), features);
    }
}
