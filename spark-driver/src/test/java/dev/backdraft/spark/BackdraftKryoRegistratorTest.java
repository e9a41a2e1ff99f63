package dev.backdraft.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.ml.NeuralNetworkClassificationModel;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import dev.backdraft.spark.ml.NeuralNetworkRegressor;
import dev.backdraft.spark.score.SparkEvaluation;
import dev.backdraft.spark.score.SparkPredictions;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications whose Kryo takes registered classes only. */
@Tag("slow")
class BackdraftKryoRegistratorTest {
    private static SparkConf strict(SparkConf conf) {
        return conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", "dev.backdraft.spark.BackdraftKryoRegistrator")
                .set("spark.sql.shuffle.partitions", "3")
                .set("spark.ui.enabled", "false");
    }

    private static Dataset<Row> rows(SparkSession spark) {
        Dataset<Row> numbers = spark.sql("select double(id % 3) label, double(id % 3 + rand(1)) x, rand(2) y, 1.0D w,"
                + " id % 5 = 0 held, array(double(id % 3), rand(3)) several from range(0, 90, 1, 3)");
        return new VectorAssembler()
                .setInputCols(new String[] {"x", "y"})
                .setOutputCol("features")
                .transform(numbers);
    }

    private static NeuralNetworkClassifier classifier(String aggregation) {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(3)
                .setMaxIter(2)
                .setWeightCol("w")
                .setMetrics("accuracy", "roc-auc")
                .setAggregation(aggregation);
    }

    private static String train(SparkConf conf, String aggregation) {
        SparkSession spark = SparkSession.builder().config(conf).appName("kryo").getOrCreate();
        try {
            Dataset<Row> rows = rows(spark);
            NeuralNetworkClassificationModel model =
                    classifier(aggregation).setValidationIndicatorCol("held").fit(rows);
            assertThat(model.summary().validationHistory()).hasSize(2);
            assertThat(model.transform(rows).collectAsList()).hasSize(90);
            assertThat(model.permutationImportance(rows, new PermutationImportance(), 50)
                            .ranked())
                    .hasSize(2);
            score(spark, model.model(), rows);
            classifier(aggregation)
                    .setFeaturesCols("x", "y")
                    .setValidationFraction(0.3)
                    .fit(rows);
            new NeuralNetworkRegressor()
                    .setLabelCol("several")
                    .setMaxIter(1)
                    .setAggregation(aggregation)
                    .fit(rows)
                    .transform(rows)
                    .collectAsList();
            return model.model().weightsSha256();
        } finally {
            spark.stop();
        }
    }

    /** As the command line does. */
    private static void score(SparkSession spark, Model model, Dataset<Row> rows) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        ExampleRdd labelled = DataFrameRows.of(rows.schema(), List.of("features"), "label", null)
                .of(rows);
        assertThat(SparkEvaluation.of(context, model, labelled, Evaluation.usualMetrics(model))
                        .rows())
                .isEqualTo(90);
        try (SparkPredictions predictions = SparkPredictions.of(
                context, model, labelled, (scorer, batch) -> batch.rows().size() + "\n")) {
            assertThat(predictions.rows()).isEqualTo(90);
            assertThat(predictions.skipped().total()).isZero();
            assertThat(predictions.lines()).toIterable().isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "resident"})
    void fitsAndScoresInOneJvm(String aggregation) {
        train(strict(new SparkConf().setMaster("local[2]")), aggregation);
    }

    @Test
    void fitsAndScoresOnACluster() {
        String expected = train(new SparkConf().setMaster("local[2]").set("spark.ui.enabled", "false"), "job");
        assertThat(train(strict(Clusters.conf(2, 1)), "resident")).isEqualTo(expected);
    }

    @Test
    void aBadValueIsToldAsWithoutRegistration() {
        SparkSession spark = SparkSession.builder()
                .config(strict(new SparkConf().setMaster("local[2]")))
                .appName("kryo")
                .getOrCreate();
        try {
            Dataset<Row> rows = rows(spark).withColumn("x", functions.expr("if(x > 1, null, x)"));
            NeuralNetworkClassifier ofTable =
                    classifier("job").setFeaturesCols("x", "y").setValidationFraction(0.3);
            assertThat(ofTable.fit(rows).transform(rows).count()).isEqualTo(rows.count());
            assertThatThrownBy(() -> classifier("job")
                            .setFeaturesCols("x", "y")
                            .setHandleInvalid("error")
                            .fit(rows))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column 'x': the value is missing");
        } finally {
            spark.stop();
        }
    }
}
