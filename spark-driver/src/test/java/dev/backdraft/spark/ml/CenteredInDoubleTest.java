package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.spark.rdd.RddModel;
import dev.backdraft.spark.sql.BackdraftFunctions;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large mean with a small deviation costs no difference between rows, by whichever route they come and are predicted. */
@Tag("slow")
class CenteredInDoubleTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final StructType SCHEMA = new StructType()
            .add("x", DataTypes.DoubleType)
            .add("z", DataTypes.DoubleType)
            .add("label", DataTypes.DoubleType)
            .add("y", DataTypes.DoubleType);

    /** The label is the sign of x less the offset; y is a large number that follows x. */
    private static Dataset<Row> frame(double offset, int partitions) {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            int label = i % 2;
            double x = (label == 0 ? -1 : 1) * (2 + 10 * (random.nextInt(1000) / 1000.0));
            rows.add(RowFactory.create(
                    offset + x, (double) random.nextInt(3), (double) label, 1e15 + Math.rint(20 * x)));
        }
        Dataset<Row> columns = SPARK.get().createDataFrame(rows, SCHEMA);
        return new VectorAssembler()
                .setInputCols(new String[] {"x", "z"})
                .setOutputCol("features")
                .transform(columns)
                .repartition(partitions);
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setL2(0)
                .setValidationFraction(0)
                .setHiddenLayers(8)
                .setActivation("tanh")
                .setMaxIter(60)
                .setBatchSize(32)
                .setStepSize(0.02);
    }

    private static NeuralNetworkRegressor regressor() {
        return new NeuralNetworkRegressor()
                .setL2(0)
                .setValidationFraction(0)
                .setLabelCol("y")
                .setHiddenLayers(8)
                .setActivation("tanh")
                .setMaxIter(150)
                .setBatchSize(32)
                .setStepSize(0.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job", "resident"})
    void classesAreToldApartAndPartitionsChangeNoBits(String aggregation) {
        if (aggregation.equals("local")) {
            aggregation = "auto";
        }
        NeuralNetworkClassificationModel model =
                classifier().setAggregation(aggregation).fit(frame(1.7e9, 1));
        for (Row row : model.transform(frame(1.7e9, 3)).collectAsList()) {
            assertThat(row.<Double>getAs("prediction")).isEqualTo(row.<Double>getAs("label"));
        }
        assertThat(model.model().preprocessing().features().centered()).containsExactly(0);
        assertThat(classifier()
                        .setAggregation(aggregation)
                        .fit(frame(1.7e9, 5))
                        .model()
                        .weightsSha256())
                .isEqualTo(model.model().weightsSha256());
    }

    @Test
    void rowsInMemoryGiveTheSameBits() {
        Dataset<Row> frame = frame(1.7e9, 2);
        Model model = regressor().fit(frame).model();
        List<Example> rows = new ArrayList<>();
        for (Row row : frame.collectAsList()) {
            rows.add(Example.dense(new double[] {row.getAs("x"), row.getAs("z")}, row.<Double>getAs("y")));
        }
        TrainingRequest request =
                new TrainingRequest(model.network(), model.loss(), TrainingSettings.of(regressor()), true, 0);

        assertThat(LocalTraining.train(request, rows).weightsSha256()).isEqualTo(model.weightsSha256());
    }

    @Test
    void everyRouteToAPredictionAgrees() {
        Dataset<Row> frame = frame(1.7e9, 2);
        NeuralNetworkRegressionModel fitted = regressor().fit(frame);
        Model model = fitted.model();
        BackdraftFunctions.register(SPARK.get(), "centered", model);
        Dataset<Row> scored = fitted.transform(frame)
                .selectExpr(
                        "x",
                        "z",
                        "y",
                        "features",
                        "prediction",
                        "backdraft_predict('centered', features)[0] AS sql",
                        "backdraft_predict('centered', array(x, z))[0] AS sqlOfArray")
                .cache();
        RddModel rdd = new RddModel(model);
        for (Row row : scored.collectAsList()) {
            double[] features = {row.getAs("x"), row.getAs("z")};
            double prediction = row.getAs("prediction");
            assertThat(prediction).isEqualTo(model.predict(features)[0]);
            assertThat(prediction).isEqualTo(fitted.predict(row.<Vector>getAs("features")));
            assertThat(prediction).isEqualTo(row.<Double>getAs("sql")).isEqualTo(row.<Double>getAs("sqlOfArray"));
            assertThat(prediction).isEqualTo(rdd.predict(org.apache.spark.mllib.linalg.Vectors.dense(features)));
        }
        Dataset<Row> ofColumns = fitted.copy(new org.apache.spark.ml.param.ParamMap())
                .setFeaturesCols("x", "z")
                .transform(frame);
        assertThat(ofColumns.select("x", "prediction").sort("x", "prediction").collectAsList())
                .isEqualTo(
                        scored.select("x", "prediction").sort("x", "prediction").collectAsList());
        List<Double> distributed = rdd.predict(
                        JavaSparkContext.fromSparkContext(SPARK.get().sparkContext())
                                .parallelize(List.of(org.apache.spark.mllib.linalg.Vectors.dense(1.7e9 + 3, 1))))
                .collect();
        assertThat(distributed).containsExactly(model.predict(new double[] {1.7e9 + 3, 1})[0]);

        double r2 =
                new RegressionEvaluator().setLabelCol("y").setMetricName("rmse").evaluate(scored);
        assertThat(r2).isLessThan(10); // of a deviation of 150, around 1e15
        assertThat(fitted.permutationImportance(
                                frame, new PermutationImportance().withMetric(Metrics.named("r2")), 1000)
                        .baseline())
                .isGreaterThan(0.99);
    }
}
