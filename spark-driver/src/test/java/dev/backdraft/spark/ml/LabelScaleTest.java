package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelScale;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.metric.Metrics;
import dev.backdraft.spark.sql.BackdraftFunctions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameter {@code labelScale} of the estimators. */
@Tag("slow")
class LabelScaleTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    @TempDir
    private Path directory;

    private static NeuralNetworkRegressor regressor() {
        return new NeuralNetworkRegressor()
                .setFeaturesCols("x", "y")
                .setHiddenLayers(4)
                .setPreset("none")
                .setBatchSize(20)
                .setMaxIter(5)
                .setStepSize(0.05)
                .setL2(0)
                .setValidationFraction(0.2);
    }

    private static Dataset<Row> rows(String further) {
        return SESSION.get()
                .sql("select double(id % 7 - 3) x, double(id % 5) y,"
                        + " double(2.5 * (1 + id % 7) * (1 + id % 3)) label from range(140)"
                        + (further == null ? "" : " union all select " + further));
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "log1p"})
    void predictionsAreInTheUnitOfTheLabelAfterSavingInSqlAndInCore(String scale) throws IOException {
        NeuralNetworkRegressionModel model = regressor().setLabelScale(scale).fit(rows(null));
        NeuralNetworkRegressionModel plain =
                regressor().fit(rows(null).selectExpr("x", "y", scale + "(label) as label"));
        assertThat(model.getLabelScale()).isEqualTo(scale);
        assertThat(model.model().weightsSha256()).isEqualTo(plain.model().weightsSha256());
        assertThat(plain.getLabelScale()).isEqualTo("linear");

        model.save(directory.resolve("model").toString());
        NeuralNetworkRegressionModel read =
                NeuralNetworkRegressionModel.load(directory.resolve("model").toString());
        assertThat(read.model().preprocessing().labelScale().name()).isEqualToIgnoringCase(scale);
        BackdraftFunctions.register(SESSION.get());
        rows(null).createOrReplaceTempView("amounts");
        List<Row> found = model.transform(rows(null)).orderBy("x", "y", "label").collectAsList();
        List<Row> reread = read.transform(rows(null)).orderBy("x", "y", "label").collectAsList();
        List<Row> logs = plain.transform(rows(null)).orderBy("x", "y", "label").collectAsList();
        List<Row> sql = SESSION.get()
                .sql("select backdraft_predict('" + directory.resolve("model")
                        + "', x, y)[0] p from amounts order by x, y, label")
                .collectAsList();
        for (int i = 0; i < found.size(); i++) {
            double prediction = found.get(i).<Double>getAs("prediction");
            double log = logs.get(i).<Double>getAs("prediction");
            double expected = scale.equals("log") ? Math.exp(log) : Math.expm1(log);
            assertThat(prediction).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
            assertThat(reread.get(i).<Double>getAs("prediction")).isEqualTo(prediction);
            assertThat(sql.get(i).getDouble(0)).isEqualTo(prediction);
            double[] x = {found.get(i).<Double>getAs("x"), found.get(i).<Double>getAs("y")};
            assertThat(model.model().predict(x)[0]).isEqualTo(prediction);
        }
    }

    @Test
    void importanceIsMeasuredInTheUnitOfTheLabelAsSparkDoes() {
        Dataset<Row> rows = rows(null);
        NeuralNetworkRegressionModel model = regressor().setLabelScale("log").fit(rows);
        double rmse = new RegressionEvaluator().setMetricName("rmse").evaluate(model.transform(rows));
        assertThat(model.permutationImportance(
                                rows, new PermutationImportance().withMetric(Metrics.named("rmse")), 1000)
                        .baseline())
                .isCloseTo(rmse, within(1e-5 * rmse));
    }

    @Test
    void contributionsAddUpToTheLogarithmOfTheRatio() {
        NeuralNetworkRegressionModel model = regressor().setLabelScale("log").fit(rows(null));
        List<Row> found =
                model.setContributionsCol("why").transform(rows(null)).limit(3).collectAsList();
        double mean = model.model()
                .predict(new double[] {
                    model.model().preprocessing().features().mean()[0],
                    model.model().preprocessing().features().mean()[1]
                })[0];
        for (Row row : found) {
            Vector why = row.getAs("why");
            double expected = Math.log(row.<Double>getAs("prediction") / mean);
            assertThat(why.apply(0) + why.apply(1)).isCloseTo(expected, within(2e-3));
        }
    }

    @Test
    void badLabelsAreRefusedOrSkipped() {
        Dataset<Row> bad = rows("1D, 1D, 0D").union(rows("2D, 2D, -3D").where("label < 0"));
        NeuralNetworkRegressor regressor = regressor().setLabelScale("log");
        assertThatThrownBy(() -> regressor.fit(bad))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 of 142 rows have a label that is not on the label scale log")
                .hasMessageContaining("choose the label scale linear");
        String expected = regressor.fit(rows(null)).model().weightsSha256();
        for (String handling : List.of("skip", "keep")) {
            NeuralNetworkRegressionModel model =
                    regressor.setHandleInvalid(handling).fit(bad);
            assertThat(model.model().weightsSha256()).isEqualTo(expected);
            assertThat(model.transform(bad).where("isnan(prediction)").count()).isZero(); // labels are not read
            assertThat(model.transform(bad).count()).isEqualTo(142);
        }
    }

    /** A fit that chooses its settings looks at the rows before, and encodes them as a table. */
    @Test
    void aTableIsFittedOnTheScale() {
        Dataset<Row> table = rows("1D, 1D, 0D").selectExpr("x", "string(y) y", "label");
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor()
                .setFeaturesCols("x", "y")
                .setMaxIter(2)
                .setLabelScale("log");
        assertThatThrownBy(() -> regressor.fit(table))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 of 141 rows has a label that is not on the label scale log")
                .hasMessageContaining("log1p, which takes all of them");
        NeuralNetworkRegressionModel model = regressor.setHandleInvalid("skip").fit(table);
        assertThat(model.model().preprocessing().columns()).isNotNull();
        assertThat(model.model().preprocessing().labelScale()).isEqualTo(LabelScale.LOG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"poisson", "gamma", "tweedie", "normal"})
    void otherLossesAreRefusedBeforeAnyJob(String loss) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regressor()
                        .setLabelScale("log")
                        .setLoss(loss)
                        .transformSchema(rows(null).schema()))
                .withMessageContaining("labelScale log is for a regression")
                .withMessageContaining("not for " + loss);
    }

    @Test
    void aClassifierHasNoScale() {
        Dataset<Row> classes = rows(null).selectExpr("x", "y", "double(x > 0) label");
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setFeaturesCols("x", "y")
                .setHiddenLayers(4)
                .setLabelScale("log");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier.fit(classes))
                .withMessageContaining("labelScale log is for a regression")
                .withMessageContaining("which classifies");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiLabelNeuralNetworkClassifier()
                        .setFeaturesCols("x", "y")
                        .setLabelScale("log")
                        .fit(classes.selectExpr("x", "y", "array(label, 1 - label) label")))
                .withMessageContaining("which classifies");
    }

    @Test
    void anUnknownScaleIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regressor().setLabelScale("sqrt"))
                .withMessageContaining("'sqrt' is none of linear, log, log1p");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regressor().setSettings("{\"labelScale\": \"log\"}"))
                .withMessageContaining("is set by the parameter labelScale");
    }
}
