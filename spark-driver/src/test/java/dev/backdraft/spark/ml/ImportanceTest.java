package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.explain.FeatureImportance;
import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.metric.Metrics;
import java.util.List;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The models tell which features they look at. */
class ImportanceTest {
    @RegisterExtension
    static final TestSession SESSION = new TestSession();

    /** Of the four features the first two make the value. */
    @Test
    void aRegressionLooksAtTheFeaturesThatMakeTheValue() {
        Dataset<Row> data = Frames.values(SESSION.get(), 1200, 3);
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setHiddenLayers(16)
                .setMaxIter(30)
                .setBatchSize(32)
                .setStepSize(0.01)
                .fit(data);
        Dataset<Row> unseen = Frames.values(SESSION.get(), 500, 4);
        PermutationImportance r2 = new PermutationImportance().withMetric(Metrics.named("r2"));
        for (Importances importances : List.of(
                model.permutationImportance(unseen, new PermutationImportance(), 10_000),
                model.permutationImportance(unseen, r2, 300),
                model.gradientTimesInput(unseen, new GradientTimesInput(0, false), 10_000))) {
            assertThat(importances.ranked())
                    .as("%s", importances)
                    .extracting(FeatureImportance::feature)
                    .startsWith(0, 1);
            assertThat(importances.ranked().get(1).mean())
                    .isGreaterThan(2 * importances.ranked().get(2).mean());
        }
        assertThat(model.permutationImportance(unseen.repartition(5), r2, 300))
                .isEqualTo(model.permutationImportance(unseen, r2, 300));
    }

    /** Labels are indices there, whatever the classes are called. */
    @Test
    void aClassifierWithNamedClassesIsMeasured() {
        Dataset<Row> rows = Frames.classes(SESSION.get(), 3, 300, 1);
        Dataset<Row> named = rows.withColumn("kind", functions.concat(functions.lit("k"), rows.col("label")))
                .drop("label");
        Dataset<Row> data = new StringIndexer()
                .setInputCol("kind")
                .setOutputCol("label")
                .fit(named)
                .transform(named);
        NeuralNetworkClassificationModel model =
                new NeuralNetworkClassifier().setHiddenLayers(8).setMaxIter(20).fit(data);
        assertThat(model.labels()).hasSize(3);
        Importances importances = model.permutationImportance(
                data, new PermutationImportance().withMetric(Metrics.named("accuracy")), 1000);
        assertThat(importances.baseline()).isGreaterThan(0.9);
        assertThat(importances.features()).hasSize(4).allMatch(one -> one.mean() >= 0);
        assertThat(importances.rows()).isEqualTo(300);
    }
}
