package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.explain.PermutationImportance;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.mllib.util.MLUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns are found by the names by which Spark finds them: in structs, in backticks, in upper and lower case. */
@Tag("slow")
class ColumnNamesTest {
    private static final String CASE = "spark.sql.caseSensitive";

    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    @AfterEach
    void putCaseBack() {
        SESSION.get().conf().unset(CASE);
    }

    private static Dataset<Row> flat() {
        return Frames.classes(SESSION.get(), 2, 60, 1)
                .withColumn("w", functions.lit(2.0))
                .withColumn("held", functions.expr("monotonically_increasing_id() % 3 = 0"))
                .withColumn("x", functions.expr("double(hash(features) % 10)"))
                .withColumn("y", functions.expr("double(hash(features) % 7)"));
    }

    /** All columns in a struct, and those of numbers again in another whose fields have dots. */
    private static Dataset<Row> nested() {
        return flat().select(
                        functions.struct("label", "features", "w", "held").as("s"),
                        functions
                                .struct(
                                        functions.col("x").as("a.x"),
                                        functions.struct(functions.col("y")).as("in"))
                                .as("t.t"),
                        functions.lit(1).as("other"));
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(3)
                .setMaxIter(3)
                .setWeightCol("w")
                .setValidationIndicatorCol("held");
    }

    private static NeuralNetworkClassifier ofNested() {
        return classifier()
                .setFeaturesCol("s.features")
                .setLabelCol("s.label")
                .setWeightCol("`s`.w")
                .setValidationIndicatorCol("s.`held`");
    }

    private static List<Row> probabilities(Dataset<Row> scored) {
        return scored.select("probability").collectAsList();
    }

    @Test
    void columnsInStructsGiveTheModelOfColumnsAtTheTop() {
        NeuralNetworkClassificationModel expected = classifier().fit(flat());
        NeuralNetworkClassifier estimator = ofNested();
        NeuralNetworkClassificationModel model = estimator.fit(nested());
        assertThat(model.model().parameters()).isEqualTo(expected.model().parameters());
        Dataset<Row> scored = model.transform(nested());
        assertThat(scored.schema().fieldNames())
                .containsExactly("s", "t.t", "other", "rawPrediction", "probability", "prediction");
        assertThat(probabilities(scored)).isEqualTo(probabilities(expected.transform(flat())));
        assertThat(scored.schema().fields()[0]).isEqualTo(nested().schema().fields()[0]);
        assertThat(estimator.transformSchema(nested().schema()).fieldNames())
                .isEqualTo(model.transformSchema(nested().schema()).fieldNames());
        assertThat(model.permutationImportance(nested(), new PermutationImportance(), 100)
                        .ranked())
                .isEqualTo(expected.permutationImportance(flat(), new PermutationImportance(), 100)
                        .ranked());
    }

    @Test
    void severalFeaturesMayBeInStructsAndHaveDots() {
        NeuralNetworkRegressionModel expected = new NeuralNetworkRegressor()
                .setFeaturesCols("x", "y")
                .setMaxIter(2)
                .fit(flat());
        Dataset<Row> rows = nested().withColumn("la.bel", functions.col("s.label"));
        for (String label : List.of("la.bel", "`la.bel`", "s.label")) {
            NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                    .setFeaturesCols("`t.t`.`a.x`", "`t.t`.in.y")
                    .setLabelCol(label)
                    .setMaxIter(2)
                    .fit(rows);
            assertThat(model.model().parameters()).isEqualTo(expected.model().parameters());
            assertThat(model.transform(rows).select("prediction").collectAsList())
                    .isEqualTo(expected.transform(flat()).select("prediction").collectAsList());
        }
    }

    @Test
    void aNullStructIsARowWithoutFeatures() {
        NeuralNetworkClassificationModel model = ofNested().fit(nested());
        Dataset<Row> rows = nested().withColumn("s", functions.expr("if(s.label = 1, s, null)"));
        assertThat(model.setHandleInvalid("skip").transform(rows).count()).isEqualTo(30);
        assertThat(model.setHandleInvalid("keep").transform(rows).count()).isEqualTo(60);
        assertThatThrownBy(() -> model.setHandleInvalid("error").transform(rows).collect())
                .hasStackTraceContaining("column 's.features': the features are missing");
    }

    @ParameterizedTest
    @CsvSource({
        "s.nothing, 'no column ''s.nothing'': there are label, features, w, held in its struct'",
        "other.x, 'no column ''other.x'': there are s, t.t, other'",
        "t.t.in, 'no column ''t.t.in'': there are s, t.t, other'",
        "`s, 'no column ''`s'': there are s, t.t, other'"
    })
    void aNameThatIsNotThereIsRefusedBeforeAnyJob(String name, String message) {
        NeuralNetworkClassifier estimator = ofNested().setFeaturesCol(name);
        assertThatThrownBy(() -> estimator.fit(nested()))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
        NeuralNetworkClassificationModel model = ofNested().fit(nested());
        model.set(model.featuresCol(), name);
        assertThatThrownBy(() -> model.transform(nested()))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
    }

    private static NeuralNetworkClassifier inCapitals() {
        return classifier()
                .setFeaturesCol("FEATURES")
                .setLabelCol("Label")
                .setWeightCol("W")
                .setValidationIndicatorCol("HELD");
    }

    @Test
    void upperCaseIsLowerCaseWhereItIsForSpark() {
        NeuralNetworkClassificationModel model = inCapitals().fit(flat());
        assertThat(model.model().parameters())
                .isEqualTo(classifier().fit(flat()).model().parameters());
        assertThat(probabilities(model.transform(flat()))).hasSize(60);
        NeuralNetworkClassificationModel several =
                inCapitals().setFeaturesCols("X", "Y").fit(flat());
        assertThat(several.model().preprocessing().featureNames()).containsExactly("x", "y");
        assertThat(several.transform(flat()).count()).isEqualTo(60);
        assertThat(inCapitals()
                        .setFeaturesCol("S.Features")
                        .setLabelCol("s.LABEL")
                        .setWeightCol("S.W")
                        .setValidationIndicatorCol("s.Held")
                        .fit(nested())
                        .transform(nested())
                        .count())
                .isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesAreWhatTheyAreForSparksOwn(boolean caseSensitive) {
        SESSION.get().conf().set(CASE, String.valueOf(caseSensitive));
        MultilayerPerceptronClassifier sparks = new MultilayerPerceptronClassifier()
                .setLayers(new int[] {Frames.FEATURES, 2})
                .setMaxIter(1)
                .setFeaturesCol("FEATURES"); // labelCol must have the right case, whatever the configuration
        NeuralNetworkClassifier ours = classifier().setFeaturesCol("FEATURES");
        for (Estimator<?> estimator : List.of(sparks, ours)) {
            if (caseSensitive) {
                assertThatThrownBy(() -> estimator.fit(flat())).hasMessageContaining("FEATURES");
            } else {
                assertThat(estimator.fit(flat())).isNotNull();
            }
        }
    }

    @Test
    void whereCaseCountsTheNearNameIsSaid() {
        NeuralNetworkClassificationModel model = inCapitals().fit(flat());
        SESSION.get().conf().set(CASE, "true");
        String message = "no column 'FEATURES', but there is 'features': names are case-sensitive, because"
                + " spark.sql.caseSensitive is true";
        assertThatThrownBy(() -> classifier().setFeaturesCol("FEATURES").fit(flat()))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> model.transform(flat())).hasMessage(message);
        assertThatThrownBy(() -> model.transformSchema(flat().schema())).hasMessage(message);
        assertThatThrownBy(() -> classifier().setLabelCol("LABEL").fit(flat()))
                .hasMessageContaining("no column 'LABEL', but there is 'label'");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        NeuralNetworkClassificationModel model = classifier().fit(flat());
        for (String name : List.of("features", "Features")) {
            Dataset<Row> twice =
                    flat().select(functions.col("*"), functions.col("features").as(name));
            String message = "column 'features' is ambiguous: there are features, " + name;
            assertThatThrownBy(() -> classifier().fit(twice)).hasMessageContaining(message);
            assertThatThrownBy(() -> model.transform(twice)).hasMessageContaining(message);
        }
    }

    @Test
    void aModelRefusesAFeatureThatIsThereTwiceAsAFitDoes() {
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setFeaturesCols("x", "y")
                .setMaxIter(1)
                .fit(flat());
        for (String second : List.of("x", "X", "`x`")) {
            model.setFeaturesCols("x", second);
            assertThatThrownBy(() -> model.transform(flat()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("featuresCols has column 'x' twice");
            assertThatThrownBy(() -> new NeuralNetworkRegressor()
                            .setFeaturesCols("x", second)
                            .fit(flat()))
                    .hasMessageContaining("featuresCols has column 'x' twice");
        }
    }

    @Test
    void aColumnThatDiffersInCaseOnlyIsNotAdded() {
        Dataset<Row> rows = flat().withColumn("Prediction", functions.lit(1));
        assertThatThrownBy(() -> classifier().fit(rows)).hasMessageContaining("there is a column 'prediction' already");
        NeuralNetworkClassificationModel model = classifier().fit(flat());
        assertThatThrownBy(() -> model.transform(rows)).hasMessageContaining("there is a column 'prediction' already");
        SESSION.get().conf().set(CASE, "true");
        assertThat(model.transform(rows).columns()).contains("Prediction", "prediction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"featuresCol", "featuresCols", "labelCol", "weightCol", "validationIndicatorCol"})
    void aVectorOfTheOlderPackageIsToBeConvertedWhereverItIs(String param) {
        Column features = functions.col("features");
        Dataset<Row> rows = MLUtils.convertVectorColumnsFromML(flat().withColumn("old", features), "old");
        NeuralNetworkClassifier classifier = classifier();
        if (param.equals("featuresCols")) {
            classifier.setFeaturesCols("x", "old");
        } else {
            classifier.set(classifier.getParam(param), "old");
        }
        assertThatThrownBy(() -> classifier.fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'old'")
                .hasMessageContaining("org.apache.spark.mllib")
                .hasMessageContaining("asML");
    }

    @Test
    void aModelSaysOfAVectorOfTheOlderPackageWhatAFitSays() {
        NeuralNetworkClassificationModel model = classifier().fit(flat());
        Dataset<Row> rows = MLUtils.convertVectorColumnsFromML(flat(), "features");
        assertThatThrownBy(() -> model.transform(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("asML");
    }
}
