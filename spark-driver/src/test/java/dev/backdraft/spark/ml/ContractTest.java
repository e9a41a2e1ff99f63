package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.DataException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Spark expects of any estimator and model: parameters, schemas, columns, discovery. */
class ContractTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static NeuralNetworkClassifier quick() {
        return new NeuralNetworkClassifier().setHiddenLayers(6).setMaxIter(5).setBatchSize(32);
    }

    private static Dataset<Row> rows(int classes) {
        return Frames.classes(SPARK.get(), classes, 90, 1);
    }

    static List<Params> stages() {
        return List.of(
                new NeuralNetworkClassifier(),
                new NeuralNetworkRegressor(),
                new Autoencoder(),
                new NeuralNetworkClassificationModel(),
                new NeuralNetworkRegressionModel(),
                new AutoencoderModel());
    }

    @ParameterizedTest
    @MethodSource("stages")
    void everyParameterIsListedOwnedTypedAndExplained(Params stage) {
        assertThat(Arrays.stream(stage.params()).map(Param::name))
                .doesNotHaveDuplicates()
                .contains("featuresCol", "labelCol", "predictionCol", "maxIter", "hiddenLayers", "aggregation", "tol");
        assertThat(stage.params()).hasSize(stage.hasParam("thresholds") ? 48 : stage.hasParam("codeSize") ? 47 : 45);
        for (Param<?> param : stage.params()) {
            assertThat(param.parent()).as(param.name()).isEqualTo(stage.uid());
            assertThat(stage.explainParams()).contains(param.name() + ": ");
            boolean text = param.getClass() == Param.class
                    && !param.name().matches("(features|label|prediction|rawPrediction|probability)Col");
            if (text) {
                assertThat(param.dataClass()).as(param.name()).isEqualTo(String.class);
            }
        }
        // the defaults can be written, and so they pass their own checks when they are read
        assertThat(DefaultParamsWriter$.MODULE$.getMetadataToSave(stage, SPARK.get()))
                .contains("\"stepSize\":0.0");
        for (Param<?> param : stage.params()) {
            check(stage, param);
        }
    }

    private static <T> void check(Params stage, Param<T> param) {
        if (stage.hasDefault(param)) {
            param.validate(stage.getOrDefault(param));
        }
    }

    @Test
    void aWrongValueIsSaidWhenItIsSet() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        assertThatThrownBy(() -> classifier.setActivation("rlu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activation: ")
                .hasMessageContaining("relu");
        assertThatThrownBy(() -> classifier.setOptimizer("adam:beta3=1")).hasMessageContaining("unknown key 'beta3'");
        assertThatThrownBy(() -> classifier.setHiddenLayers(5, 0)).hasMessageContaining("at least 1 unit");
        assertThatThrownBy(() -> classifier.setMaxIter(-1)).hasMessageContaining("maxIter");
        assertThatThrownBy(() -> classifier.setStepSize(-1)).hasMessageContaining("stepSize");
        assertThatThrownBy(() -> classifier.setHandleInvalid("drop")).hasMessageContaining("error, skip, keep");
        assertThatThrownBy(() -> classifier.setNetwork("{")).hasMessageContaining("network: line 1");
        assertThatThrownBy(() -> classifier.setSettings("{\"learningRate\": 1}"))
                .hasMessageContaining("parameter stepSize");
        assertThatThrownBy(() -> classifier.setSettings("{\"cliping\": 1}")).hasMessageContaining("clipping");
    }

    /** The schema alone is looked at: a fit of this frame's rows would fail in a task. */
    @Test
    void aWrongSchemaIsRefusedBeforeAnyJob() {
        Dataset<Row> rows = rows(3).withColumn(
                        "label", functions.expr("raise_error('a job was run')").cast("double"))
                .withColumn("text", functions.lit("a"));
        NeuralNetworkClassifier classifier = quick();
        refused(
                classifier.copy(ParamMap.empty()).setFeaturesCol("f"),
                rows,
                "no column 'f': there are label, features, text");
        refused(
                classifier.copy(ParamMap.empty()).setFeaturesCol("text"),
                rows,
                "'text' is of type string and cannot be a feature");
        refused(classifier.copy(ParamMap.empty()).setLabelCol("text"), rows, "labelCol 'text' is of type string");
        refused(
                classifier.copy(ParamMap.empty()).setLabelCol("features"),
                rows,
                "'features' is a feature and labelCol");
        refused(
                classifier.copy(ParamMap.empty()).setWeightCol("text"),
                rows,
                "'text' is of type string and cannot be the weight");
        refused(classifier.copy(ParamMap.empty()).setValidationIndicatorCol("label"), rows, "must be boolean");
        refused(classifier.copy(ParamMap.empty()).setPredictionCol("text"), rows, "there is a column 'text' already");
        refused(classifier.copy(ParamMap.empty()).setLanes(5), rows, "lanes must divide batchSize");
        refused(classifier.copy(ParamMap.empty()).setLayers(4, 3), rows, "both layers and hiddenLayers are set");
        refused(
                new NeuralNetworkClassifier().setLayers(5, 3).setFeaturesCols("a", "b"),
                rows.withColumn("a", functions.lit(1.0)).withColumn("b", functions.lit(2.0)),
                "must start with the 2 features");
        Dataset<Row> named = rows.withColumn(
                "label",
                functions.col("label"),
                NominalAttribute.defaultAttr()
                        .withName("label")
                        .withNumValues(3)
                        .toMetadata());
        refused(new NeuralNetworkClassifier().setLayers(4, 5), named, "must end with the 3 classes");
        refused(quick().setClassWeights(1, 2), named, "classWeights has 2 numbers for 3 classes");
        refused(quick().setClassWeights(1, 2, 3).setBalanceClasses(true), named, "clear one of them");
        refused(quick().setThresholds(new double[] {1, 2}), named, "thresholds has 2 numbers for 3 classes");
    }

    private static void refused(NeuralNetworkClassifier classifier, Dataset<Row> rows, String message) {
        assertThatThrownBy(() -> classifier.transformSchema(rows.schema()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> classifier.fit(rows)).hasMessageContaining(message);
    }

    @Test
    void estimatorAndModelPromiseTheColumnsThatComeOut() {
        NeuralNetworkClassificationModel model = quick().fit(rows(3));
        StructType promised = model.transformSchema(rows(3).schema());
        Dataset<Row> scored = model.transform(rows(3));
        assertThat(scored.schema()).isEqualTo(promised);
        assertThat(scored.columns()).containsExactly("label", "features", "rawPrediction", "probability", "prediction");
        StructType early = quick().transformSchema(rows(3).schema());
        assertThat(early.fieldNames()).isEqualTo(promised.fieldNames());
        assertThat(Arrays.stream(early.fields()).map(field -> field.dataType()))
                .isEqualTo(Arrays.stream(promised.fields())
                        .map(field -> field.dataType())
                        .toList());
        assertThatThrownBy(() -> model.transformSchema(new StructType().add("a", DataTypes.IntegerType)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no column 'features'");
        assertThatThrownBy(() ->
                        model.copy(ParamMap.empty()).setFeaturesCols("label").transform(rows(3)))
                .hasMessageContaining("featuresCols: 1 features, but the model takes 4");
    }

    @Test
    void anEmptyNameLeavesAColumnOut() {
        NeuralNetworkClassificationModel model = quick().fit(rows(3));
        model.setRawPredictionCol("").setProbabilityCol("p");
        assertThat(model.transform(rows(3)).columns()).containsExactly("label", "features", "p", "prediction");
        model.setProbabilityCol("");
        assertThat(model.transform(rows(3)).columns()).containsExactly("label", "features", "prediction");
        model.setPredictionCol("");
        assertThat(model.transform(rows(3)).columns()).containsExactly("label", "features");
    }

    @Test
    void thresholdsChooseTheClassAsSparkDoes() {
        NeuralNetworkClassificationModel model = quick().fit(rows(3));
        model.setThresholds(new double[] {0.9, 0.5, 0.01});
        for (Row row : model.transform(rows(3)).collectAsList()) {
            Vector p = row.getAs("probability");
            assertThat(row.<Double>getAs("prediction")).isEqualTo(model.probability2prediction(p));
            assertThat(model.predict(row.<Vector>getAs("features"))).isEqualTo(model.probability2prediction(p));
        }
        model.setThresholds(new double[] {0, 0.5, 0.5});
        assertThat(model.transform(rows(3)).select("prediction").distinct().collectAsList())
                .hasSize(1);
        assertThatThrownBy(() -> model.setThresholds(new double[] {1, 1})).isInstanceOf(IllegalArgumentException.class);
        NeuralNetworkClassificationModel fitted =
                quick().setThresholds(new double[] {1, 1e-9, 1}).fit(rows(3));
        assertThat(fitted.transform(rows(3)).where("prediction <> 1").count()).isZero();
    }

    @Test
    void twoClassesHaveOneLogit() {
        NeuralNetworkClassificationModel model = quick().fit(rows(2));
        assertThat(model.model().network().outputSize()).isEqualTo(1);
        assertThat(model.numClasses()).isEqualTo(2);
        Vector features = Vectors.dense(9, 10, 11, 12);
        Vector raw = model.predictRaw(features);
        assertThat(raw.apply(0)).isEqualTo(-raw.apply(1));
        Vector p = model.predictProbability(features);
        assertThat(p.apply(0) + p.apply(1)).isEqualTo(1);
        assertThat(model.predict(features)).isEqualTo(p.apply(1) > 0.5 ? 1 : 0);
        assertThat(model.raw2probability(raw)).isEqualTo(p);
        NeuralNetworkClassifier softmax = new NeuralNetworkClassifier()
                .setMaxIter(2)
                .setNetwork("{\"layers\": [{\"type\": \"dense\", \"outputSize\": 2}]}");
        NeuralNetworkClassificationModel two = softmax.fit(rows(2));
        Vector centred = two.predictRaw(features);
        assertThat(centred.apply(0)).isEqualTo(-centred.apply(1));
        assertThat(two.raw2probability(centred).apply(1))
                .isCloseTo(two.predictProbability(features).apply(1), within(1e-6));
    }

    @Test
    void layersAreThoseOfTheMultilayerPerceptron() {
        NeuralNetworkClassificationModel model =
                new NeuralNetworkClassifier().setLayers(4, 7, 3).setMaxIter(2).fit(rows(3));
        assertThat(model.model().weightsSha256())
                .isEqualTo(new NeuralNetworkClassifier()
                        .setHiddenLayers(7)
                        .setMaxIter(2)
                        .fit(rows(3))
                        .model()
                        .weightsSha256());
        assertThatThrownBy(
                        () -> new NeuralNetworkClassifier().setLayers(4, 7, 2).fit(rows(3)))
                .hasMessageContaining("column 'label': label 2.0 is none of the 2 classes 0 to 1");
        assertThatThrownBy(
                        () -> new NeuralNetworkClassifier().setLayers(5, 7, 3).fit(rows(3)))
                .hasMessageContaining("must start with the 4 features");
    }

    @Test
    void aFitLeavesTheEstimatorAsItWas() {
        NeuralNetworkClassifier classifier = quick().setThresholds(new double[] {1, 1, 1});
        String before = DefaultParamsWriter$.MODULE$
                .getMetadataToSave(classifier, SPARK.get())
                .replaceAll("\"timestamp\":[0-9]+", "");
        NeuralNetworkClassificationModel model =
                classifier.fit(rows(3), new ParamMap().put(classifier.maxIter().w(2)));
        assertThat(model.getMaxIter()).isEqualTo(2);
        assertThat(classifier.fit(rows(3)).getThresholds()).containsExactly(1, 1, 1);
        assertThat(DefaultParamsWriter$.MODULE$
                        .getMetadataToSave(classifier, SPARK.get())
                        .replaceAll("\"timestamp\":[0-9]+", ""))
                .isEqualTo(before);
    }

    @Test
    void sparkConnectFindsAll() throws ReflectiveOperationException {
        assertThat(ServiceLoader.load(Estimator.class).stream().map(ServiceLoader.Provider::type))
                .contains(NeuralNetworkClassifier.class, NeuralNetworkRegressor.class, Autoencoder.class);
        assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
                .contains(
                        NeuralNetworkClassificationModel.class,
                        NeuralNetworkRegressionModel.class,
                        AutoencoderModel.class);
        for (Params stage : stages()) {
            assertThat(stage.getClass().getConstructor().getParameterCount()).isZero();
            assertThat(stage.getClass().getMethod("load", String.class).getReturnType())
                    .isEqualTo(stage.getClass());
            assertThat(Modifier.isStatic(stage.getClass().getMethod("read").getModifiers()))
                    .isTrue();
        }
        assertThatThrownBy(() -> new NeuralNetworkRegressionModel().numFeatures())
                .hasMessageContaining("fit or load a model");
    }

    @Test
    void aModelMayBeUsedInsideAFunctionOfTheUsers() {
        NeuralNetworkRegressionModel model =
                new NeuralNetworkRegressor().setMaxIter(1).fit(Frames.values(SPARK.get(), 40, 1));
        double here = model.predict(Vectors.dense(1, 2, 3, 4));
        List<Double> there = JavaSparkContext.fromSparkContext(SPARK.get().sparkContext())
                .parallelize(List.of(1.0), 1)
                .map(x -> model.predict(Vectors.dense(x, 2, 3, 4)))
                .collect();
        assertThat(there).containsExactly(here);
    }
}
