package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.model.Model;
import dev.backdraft.spark.cli.InterruptibleDecay;
import dev.backdraft.train.InitialModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits that start from a saved model. */
@Tag("slow")
class InitialModelTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    @TempDir
    private Path directory;

    private String saved;
    private NeuralNetworkClassificationModel first;

    @BeforeEach
    void fitTheFirst() throws Exception {
        saved = directory.resolve("first").toString();
        first = new NeuralNetworkClassifier()
                .setHiddenLayers(6)
                .setMaxIter(3)
                .fit(Frames.classes(SPARK.get(), 3, 90, 1));
        first.save(saved);
    }

    /** Rows of the same kind, elsewhere. */
    private static Dataset<Row> others() {
        List<Row> moved = new ArrayList<>();
        for (Row row : Frames.classes(SPARK.get(), 3, 60, 2).collectAsList()) {
            double[] x = row.<Vector>getAs("features").toArray().clone();
            x[1] += 5;
            moved.add(RowFactory.create(row.getDouble(0), Vectors.dense(x)));
        }
        return Frames.frame(SPARK.get(), moved);
    }

    private NeuralNetworkClassifier further() {
        return new NeuralNetworkClassifier()
                .setInitialModel(saved)
                .setMaxIter(3)
                .setBatchSize(10);
    }

    @Test
    void theModelStaysAsItIsUntilItsWeightsMove() {
        NeuralNetworkClassificationModel still =
                further().setOptimizer("sgd").setStepSize(1e-30).fit(others());
        assertThat(still.model().weightsSha256()).isEqualTo(first.model().weightsSha256());
        assertThat(still.transform(others()).collectAsList())
                .isEqualTo(first.transform(others()).collectAsList());
        assertThat(still.model().provenance())
                .containsEntry(
                        "initialModelSha256", InitialModel.of(first.model()).sha256());
        assertThat(further().fit(others()).model().weightsSha256())
                .isNotEqualTo(first.model().weightsSha256());
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "resident"})
    void allRoutesAndACheckpointGiveTheSameBits(String aggregation) {
        String whole = further().fit(others()).model().weightsSha256();
        assertThat(further()
                        .setAggregation(aggregation)
                        .fit(others().repartition(5))
                        .model()
                        .weightsSha256())
                .isEqualTo(whole);
        NeuralNetworkClassifier interrupted = further()
                .setSchedule("interruptible-decay")
                .setAggregation(aggregation)
                .setCheckpointDir(directory.resolve("checkpoints").toString());
        String decayed = further()
                .setSchedule("interruptible-decay")
                .fit(others())
                .model()
                .weightsSha256();
        InterruptibleDecay.crashAt(9);
        assertThatThrownBy(() -> interrupted.fit(others())).hasMessageContaining("interrupted the training");
        InterruptibleDecay.crashAt(Long.MAX_VALUE);
        assertThat(interrupted.fit(others()).model().weightsSha256()).isEqualTo(decayed);
    }

    /** A copy of an estimator keeps the path, and so does a saved one. */
    @Test
    void thePathIsAParameter() throws Exception {
        String path = directory.resolve("estimator").toString();
        further().save(path);
        assertThat(NeuralNetworkClassifier.load(path).getInitialModel()).isEqualTo(saved);
        assertThat(further().copy(ParamMap.empty()).getInitialModel()).isEqualTo(saved);
        further().setPreset("none").fit(others()); // contradicts nothing
        further().setPreset("auto").fit(others());
        assertThat(new NeuralNetworkClassifier().getInitialModel()).isEmpty();
    }

    private static Dataset<Row> table(String unseen, double shift) {
        StructType schema = new StructType()
                .add("city", DataTypes.StringType)
                .add("age", DataTypes.DoubleType)
                .add("label", DataTypes.DoubleType);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String city = i % 9 == 0 ? unseen : "city " + i % 4;
            rows.add(RowFactory.create(city, i % 7 == 0 ? null : shift + i % 13, shift + i % 4 + i % 3));
        }
        return SPARK.get().createDataFrame(rows, schema);
    }

    @Test
    void theColumnsAreEncodedAsTheModelDoes() throws Exception {
        NeuralNetworkRegressor plain =
                new NeuralNetworkRegressor().setFeaturesCols("city", "age").setMaxIter(2);
        NeuralNetworkRegressionModel model = plain.fit(table("city 0", 0));
        String path = directory.resolve("table").toString();
        model.save(path);
        NeuralNetworkRegressor more = new NeuralNetworkRegressor()
                .setInitialModel(path)
                .setFeaturesCols("city", "age")
                .setOptimizer("sgd")
                .setStepSize(1e-30)
                .setMaxIter(1);
        Dataset<Row> moved = table("new city", 100);
        assertThat(more.fit(moved).transform(moved).collectAsList())
                .isEqualTo(model.transform(moved).collectAsList());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> more.copy(ParamMap.empty())
                        .setFeaturesCols("age", "city")
                        .fit(moved))
                .withMessage("the features are in the order age, city, but the model to start from takes them in the"
                        + " order city, age");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        more.copy(ParamMap.empty()).setFeaturesCols("city").fit(moved))
                .withMessageContaining("it takes age, which the rows do not have");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new NeuralNetworkRegressor().setInitialModel(path).fit(Frames.values(SPARK.get(), 20, 1)))
                .withMessage("initialModel takes the columns city, age: name them in featuresCols");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> more.setLabelScale("log").fit(moved))
                .withMessageContaining("labelScale is log, but that of the model to start from is linear");
    }

    /** The parameter labelScale is not set: the model's scale says which labels are skipped. */
    @Test
    void rowsAreSkippedByTheScaleOfTheModel() throws Exception {
        Dataset<Row> rows = table("city 0", 1);
        String path = directory.resolve("logarithms").toString();
        new NeuralNetworkRegressor()
                .setFeaturesCols("city", "age")
                .setLabelScale("log")
                .setMaxIter(2)
                .fit(rows)
                .save(path);
        NeuralNetworkRegressor more = new NeuralNetworkRegressor()
                .setInitialModel(path)
                .setFeaturesCols("city", "age")
                .setHandleInvalid("skip")
                .setMaxIter(2);
        Dataset<Row> withZero = rows.union(rows.limit(1).withColumn("label", functions.lit(0.0)));
        assertThat(more.fit(withZero).model().weightsSha256())
                .isEqualTo(more.fit(rows).model().weightsSha256());
    }

    @Test
    void theLabelsOfSeveralColumnsAreInTheOrderOfTheModel() throws Exception {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1)
                .withColumn("a", functions.col("label").equalTo(0))
                .withColumn("b", functions.col("label").equalTo(1));
        MultiLabelNeuralNetworkModel model = new MultiLabelNeuralNetworkClassifier()
                .setLabelCols("a", "b")
                .setMaxIter(2)
                .fit(rows);
        String path = directory.resolve("several").toString();
        model.save(path);
        MultiLabelNeuralNetworkClassifier more =
                new MultiLabelNeuralNetworkClassifier().setInitialModel(path).setMaxIter(2);
        Model tuned = more.setLabelCols("a", "b").fit(rows).model();
        assertThat(tuned.preprocessing().labelName()).isEqualTo("a,b");
        assertThat(tuned.preprocessing().features().mean())
                .containsExactly(model.model().preprocessing().features().mean());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> more.setLabelCols("b", "a").fit(rows))
                .withMessage("labelCols are b, a, but those of initialModel are a, b: name the same labels in the same"
                        + " order");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().setInitialModel(path).fit(rows))
                .withMessageContaining("the model was trained with sigmoid-cross-entropy, but this estimator needs one"
                        + " that tells classes apart");
    }

    @Test
    void whatContradictsTheModelIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().setHiddenLayers(5).fit(others()))
                .withMessage("both initialModel and hiddenLayers are set: clear one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().setPreset("tabular").fit(others()))
                .withMessage("both initialModel and preset are set: clear one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().setStandardize(false).fit(others()))
                .withMessageContaining("standardize is false, but the model to start from scales its rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().setLoss("cross-entropy").fit(others()))
                .withMessageContaining("the loss is cross-entropy, but that of the model to start from is");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().fit(Frames.classes(SPARK.get(), 4, 60, 1)))
                .withMessageContaining("label 3.0 is none of the 3 classes 0 to 2");
        Dataset<Row> four = others().withColumn(
                        "label",
                        functions
                                .col("label")
                                .as(
                                        "label",
                                        NominalAttribute.defaultAttr()
                                                .withName("label")
                                                .withValues(new String[] {"a", "b", "c", "d"})
                                                .toMetadata()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().fit(four))
                .withMessage(
                        "column 'label' has 4 classes (a, b, c, d), but initialModel has 3 classes: give rows with the"
                                + " classes of the model, or fit a new one");
        Dataset<Row> wide = Frames.frame(
                SPARK.get(),
                List.of(RowFactory.create(0.0, Vectors.dense(1, 2)), RowFactory.create(1.0, Vectors.dense(2, 1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further().fit(wide))
                .withMessage("the rows have 2 features, but initialModel takes 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> further()
                        .setInitialModel(directory.resolve("nothing").toString())
                        .fit(others()))
                .withMessageContaining("initialModel: File ")
                .withMessageContaining("does not exist");
    }
}
