package dev.backdraft.spark.explain;

import dev.backdraft.data.Example;
import dev.backdraft.data.RowCheck;
import dev.backdraft.explain.ColumnPermutation;
import dev.backdraft.explain.ImportanceRows;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.SharedRows;
import dev.backdraft.spark.score.SharedModel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The importance of features on a cluster: the rows come from anywhere, a sample of them that fits into every JVM is looked at, and
 * executors share the features among them. The same figures, bit for bit, as {@code core} gives for the same rows.
 *
 * <pre>{@code
 * ImportanceRows rows = SparkImportance.rows(spark, model, columns.of(frame), 42, 10_000);
 * Importances permuted = SparkImportance.permutation(spark, new PermutationImportance(), model, rows);
 * Importances pulled = new GradientTimesInput().of(model, rows); // a single pass, by the driver
 * }</pre>
 */
public final class SparkImportance {
    private static final int TASKS_PER_SLOT = 4; // so that none waits long for the slowest

    private SparkImportance() {}

    /**
     * Chooses rows: the first in the canonical order of a seed, so the same whatever the partitions. Shuffles all rows once; the
     * chosen ones come to the driver.
     *
     * @param mostRows to keep, at least 1
     * @throws dev.backdraft.data.DataException when there are none, or, as the cause of Spark's exception, one does not fit the
     *     model
     */
    public static ImportanceRows rows(JavaSparkContext spark, Model model, ExampleRdd rows, long seed, int mostRows) {
        if (mostRows < 1) {
            throw new IllegalArgumentException("importance is measured on at least one row, not " + mostRows);
        }
        Broadcast<SharedModel> shared = SharedModel.broadcast(spark.sc(), model);
        try {
            List<Example> first = Cancellation.ofJobs(
                    spark.sc(),
                    () -> rows.firstInOrder(
                            seed,
                            mostRows,
                            (row, where) -> RowCheck.counts(row, where)
                                    ? ImportanceRows.resolve(shared.value().model(), row, where)
                                    : null));
            return ImportanceRows.ofOrdered(first);
        } finally {
            Cancellation.shield(shared::destroy);
        }
    }

    /**
     * Measures {@link PermutationImportance}: each feature in a task of its own, or with a few others.
     *
     * @throws IllegalArgumentException when the metric does not suit the model
     */
    public static Importances permutation(
            JavaSparkContext spark, PermutationImportance settings, Model model, ImportanceRows rows) {
        double baseline = new ColumnPermutation(model, settings.metric(), rows, settings.seed()).baseline();
        List<Integer> features = new ArrayList<>();
        for (int feature = 0; feature < ColumnPermutation.count(model); feature++) {
            features.add(feature);
        }
        int tasks = Math.min(features.size(), TASKS_PER_SLOT * spark.defaultParallelism());
        Broadcast<SharedModel> shared = SharedModel.broadcast(spark.sc(), model);
        Broadcast<SharedRows> sample = spark.broadcast(new SharedRows(rows.rows()));
        try {
            List<double[]> values = Cancellation.ofJobs(spark.sc(), () -> spark.parallelize(features, tasks)
                    .mapPartitions(some -> values(
                            settings,
                            shared.value().model(),
                            ImportanceRows.ofOrdered(sample.value().rows()),
                            some))
                    .collect());
            return settings.result(model, rows, baseline, values);
        } finally {
            Cancellation.shield(shared::destroy);
            Cancellation.shield(sample::destroy);
        }
    }

    private static Iterator<double[]> values(
            PermutationImportance settings, Model model, ImportanceRows rows, Iterator<Integer> features) {
        List<double[]> values = new ArrayList<>();
        while (features.hasNext()) {
            values.add(settings.values(model, rows, features.next()));
        }
        return values.iterator();
    }
}
