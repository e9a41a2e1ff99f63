package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.Option;

/** What Spark's own tests ask of a regression, asked of ours; without hidden layers it is a linear regression. */
@Tag("slow")
class RegressorExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> plane; // y = 6.3 + 4.7 a + 7.2 b + noise
    private static LinearRegressionModel sparks;

    @BeforeAll
    static void make() {
        Random random = new Random(42);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            double a = 0.9 + 0.7 * random.nextGaussian();
            double b = -1.3 + 1.2 * random.nextGaussian();
            double noise = 0.1 * random.nextGaussian();
            rows.add(Samples.row(6.3 + 4.7 * a + 7.2 * b + noise, 1.0 + i % 3, Vectors.dense(a, b)));
        }
        plane = Samples.weighted(SPARK.get(), rows.toArray(Row[]::new)).cache();
        sparks = new LinearRegression().setWeightCol("weight").fit(plane);
    }

    private static NeuralNetworkRegressor linear() {
        return new NeuralNetworkRegressor()
                .setHiddenLayers()
                .setOptimizer("lbfgs")
                .setBatchSize(0)
                .setMaxIter(30)
                .setWeightCol("weight");
    }

    /** Slope of each feature and intercept, by differences of the model's function. */
    private static double[] line(NeuralNetworkRegressionModel model) {
        double at0 = model.predict(Vectors.dense(0, 0));
        return new double[] {model.predict(Vectors.dense(1, 0)) - at0, model.predict(Vectors.dense(0, 1)) - at0, at0};
    }

    @Test
    void withoutHiddenLayersItFindsSparksLineStandardisedOrNot() {
        double[] expected = {
            sparks.coefficients().apply(0), sparks.coefficients().apply(1), sparks.intercept()
        };
        for (boolean standardize : new boolean[] {true, false}) {
            double[] found = line(linear().setStandardize(standardize).fit(plane));
            assertThat(found).containsExactly(expected, within(2e-3));
        }
    }

    @Test
    void penaltiesShrinkTheSlopes() {
        double[] free = line(linear().fit(plane));
        double previous = Math.abs(free[0]) + Math.abs(free[1]);
        for (double l2 : new double[] {20, 200, 2000}) {
            double[] found = line(linear().setL2(l2).fit(plane));
            assertThat(Math.abs(found[0]) + Math.abs(found[1])).isLessThan(previous);
            previous = Math.abs(found[0]) + Math.abs(found[1]);
        }
        double[] sparse = line(linear().setOptimizer("adam")
                .setStepSize(0.01)
                .setMaxIter(200)
                .setL1(100)
                .fit(plane));
        assertThat(Math.abs(sparse[0]) + Math.abs(sparse[1])).isLessThan(Math.abs(free[0]) + Math.abs(free[1]));
    }

    @Test
    void aConstantLabelIsPredictedAsItIs() {
        for (double constant : new double[] {0, 17.5}) {
            Dataset<Row> flat = plane.withColumn("label", functions.lit(constant));
            NeuralNetworkRegressionModel model = linear().fit(flat);
            for (Row row : model.transform(flat).select("prediction").collectAsList()) {
                assertThat(row.getDouble(0)).isCloseTo(constant, within(1e-2));
            }
        }
    }

    @Test
    void oneRowIsEnough() {
        NeuralNetworkRegressionModel model =
                Samples.regressor().fit(Samples.weighted(SPARK.get(), Samples.row(3.0, 1, 2)));
        assertThat(model.predict(Vectors.dense(1, 2))).isFinite();
        assertThat(model.numFeatures()).isEqualTo(2);
    }

    @Test
    void collinearFeaturesAreNoTrouble() {
        Dataset<Row> collinear = Samples.weighted(
                SPARK.get(),
                Samples.row(17.0, 10, 5),
                Samples.row(19.0, 14, 7),
                Samples.row(23.0, 22, 11),
                Samples.row(29.0, 26, 13));
        Dataset<Row> scored = linear().fit(collinear).transform(collinear);
        double found = new RegressionEvaluator().setMetricName("rmse").evaluate(scored);
        Dataset<Row> theirs = new LinearRegression().fit(collinear).transform(collinear);
        double expected = new RegressionEvaluator().setMetricName("rmse").evaluate(theirs);
        assertThat(found).isCloseTo(expected, within(1e-3));
    }

    @Test
    void oneVectorIsPredictedLikeARowDenseOrSparse() {
        NeuralNetworkRegressionModel model = Samples.regressor().fit(plane);
        for (Row row : model.transform(plane).collectAsList()) {
            Vector features = row.getAs("features");
            double expected = row.getAs("prediction");
            assertThat(model.predict(features.toDense())).isEqualTo(expected);
            assertThat(model.predict(features.toSparse())).isEqualTo(expected);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> model.predict(Vectors.dense(1, 2, 3)));
    }

    @Test
    void theLossGoesDownEachEpochOfWholeBatches() {
        NeuralNetworkTrainingSummary summary = linear().fit(plane).summary();
        double[] history = summary.objectiveHistory();
        assertThat(history).hasSize(summary.totalIterations());
        for (int i = 1; i < history.length; i++) {
            assertThat(history[i]).isLessThanOrEqualTo(history[i - 1] * (1 + 1e-6));
        }
    }

    @Test
    void toleranceEndsATrainingThatNoLongerLearns() {
        NeuralNetworkRegressor regressor = linear().setMaxIter(200).setTol(1e-4);
        NeuralNetworkTrainingSummary summary = regressor.fit(plane).summary();
        assertThat(summary.totalIterations()).isLessThan(200);
        assertThat(regressor.setMaxIter(1).fit(plane).summary().totalIterations())
                .isEqualTo(1);
    }

    @Test
    void aSummaryBelongsToTheFitAlone() {
        NeuralNetworkRegressionModel model = Samples.regressor().fit(plane);
        assertThat(model.hasSummary()).isTrue();
        assertThat(model.copy(ParamMap.empty()).hasSummary()).isTrue();
        model.setSummary(Option.empty());
        assertThat(model.hasSummary()).isFalse();
        assertThatThrownBy(model::summary).hasMessageContaining("No training summary");
    }

    @Test
    void anEmptyPredictionColumnIsLeftOut() {
        NeuralNetworkRegressionModel model =
                Samples.regressor().setPredictionCol("").fit(plane);
        assertThat(model.transform(plane).columns()).isEqualTo(plane.columns());
        model.setPredictionCol("guess").setFeaturesCol("x");
        assertThat(model.transform(plane.withColumnRenamed("features", "x")).columns())
                .contains("guess");
        assertThat(model).hasToString("NeuralNetworkRegressionModel: uid=" + model.uid() + ", numFeatures=2");
    }

    @Test
    void everyRegressionEvaluatorTakesTheColumn() {
        Dataset<Row> ours = linear().fit(plane).transform(plane);
        Dataset<Row> theirs = sparks.transform(plane);
        for (String metric : List.of("rmse", "mse", "mae", "r2", "var")) {
            RegressionEvaluator evaluator =
                    new RegressionEvaluator().setMetricName(metric).setWeightCol("weight");
            assertThat(evaluator.evaluate(ours)).isCloseTo(evaluator.evaluate(theirs), within(1e-2));
        }
    }

    @Test
    void theScaleOfFeaturesDoesNotMatterWhenTheyAreStandardised() {
        double[] large = {1e6, 1e-6};
        Dataset<Row> scaled = Samples.weighted(
                SPARK.get(),
                plane.collectAsList().stream()
                        .map(row -> {
                            Vector x = row.getAs("features");
                            return Samples.row(
                                    row.<Double>getAs("label"),
                                    row.<Double>getAs("weight"),
                                    Vectors.dense(x.apply(0) * large[0], x.apply(1) * large[1]));
                        })
                        .toArray(Row[]::new));
        double[] ours = line(linear().fit(scaled));
        double[] expected = line(linear().fit(plane));
        double[] back = {ours[0] * large[0], ours[1] * large[1]};
        // differences of the function are rounded, so predictions are compared
        assertThat(Arrays.stream(back).allMatch(Double::isFinite)).isTrue();
        assertThat(ours[2]).isCloseTo(expected[2], within(1e-2));
        double error = new RegressionEvaluator()
                .setMetricName("rmse")
                .evaluate(linear().fit(scaled).transform(scaled));
        assertThat(error)
                .isCloseTo(
                        new RegressionEvaluator().setMetricName("rmse").evaluate(sparks.transform(plane)),
                        within(1e-3));
    }
}
