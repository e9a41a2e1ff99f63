package dev.backdraft.spark.connect;

import static dev.backdraft.spark.connect.ConnectClient.sql;
import static dev.backdraft.spark.connect.ConnectClient.transform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backdraft.spark.ml.Autoencoder;
import dev.backdraft.spark.ml.AutoencoderModel;
import dev.backdraft.spark.ml.MultiLabelNeuralNetworkClassifier;
import dev.backdraft.spark.ml.MultiLabelNeuralNetworkModel;
import dev.backdraft.spark.ml.NeuralNetworkClassificationModel;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import dev.backdraft.spark.ml.NeuralNetworkRegressionModel;
import dev.backdraft.spark.ml.NeuralNetworkRegressor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.connect.proto.MlOperator.OperatorType;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a program does with the estimators through Spark Connect comes to what it comes to without. */
class ConnectTest {
    @RegisterExtension
    static final ConnectServer SERVER = new ConnectServer();

    private static final Map<String, Object> SETTINGS = Map.of(
            "hiddenLayers", new int[] {8}, "maxIter", 4, "batchSize", 20, "stepSize", 0.05, "validationFraction", 0.2);

    @TempDir
    static Path directory;

    private static ConnectClient client;
    private static Dataset<Row> rows;
    private static Relation remoteRows;

    @BeforeAll
    static void connect() {
        client = SERVER.client();
        rows = SERVER.rows(directory, 150, 1);
        remoteRows = sql("SELECT * FROM parquet.`" + rows.inputFiles()[0].replaceFirst("/[^/]*$", "") + "`");
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(8)
                .setMaxIter(4)
                .setBatchSize(20)
                .setStepSize(0.05)
                .setValidationFraction(0.2);
    }

    private static NeuralNetworkRegressor regressor() {
        return new NeuralNetworkRegressor()
                .setHiddenLayers(8)
                .setMaxIter(4)
                .setBatchSize(20)
                .setStepSize(0.05)
                .setValidationFraction(0.2);
    }

    private static Map<String, Object> with(Map<String, Object> params, String name, Object value) {
        Map<String, Object> all = new HashMap<>(params);
        all.put(name, value);
        return all;
    }

    private static List<Row> here(Relation remote, String name) {
        String path = directory.resolve(name).toString();
        client.write(remote, path);
        return SERVER.session().read().parquet(path).collectAsList();
    }

    @Test
    void aClassifierIsTrainedAndScoresTheSameBits() {
        String model = client.fit(NeuralNetworkClassifier.class, SETTINGS, remoteRows);
        NeuralNetworkClassificationModel direct = classifier().fit(rows);
        Map<String, Object> renamed = Map.of("predictionCol", "found");
        assertThat(here(transform(model, renamed, remoteRows), "classes"))
                .containsExactlyInAnyOrderElementsOf(
                        direct.setPredictionCol("found").transform(rows).collectAsList());
        assertThat(client.fetch(model, "numClasses").getParam().getInteger()).isEqualTo(3);
        assertThat(client.fetch(model, "numFeatures").getParam().getInteger()).isEqualTo(2);
        assertThat(client.fetch(model, "toString").getParam().getString()).contains("numClasses=3");
        Vector row = Vectors.dense(0.5, -1);
        assertThat(client.predict(model, "predict", row.toArray()).getDouble()).isEqualTo(direct.predict(row));
        assertThat(ConnectClient.vector(client.predict(model, "predictRaw", row.toArray())))
                .containsExactly(direct.predictRaw(row).toArray());
        assertThat(ConnectClient.vector(client.predict(model, "predictProbability", row.toArray())))
                .containsExactly(direct.predictProbability(row).toArray());
    }

    @Test
    void soIsARegression() {
        Map<String, Object> params = with(with(SETTINGS, "labelCol", "b"), "featuresCols", new String[] {"a", "label"});
        String model = client.fit(NeuralNetworkRegressor.class, params, remoteRows);
        NeuralNetworkRegressionModel direct =
                regressor().setLabelCol("b").setFeaturesCols("a", "label").fit(rows);
        assertThat(here(transform(model, Map.of(), remoteRows), "values"))
                .containsExactlyInAnyOrderElementsOf(direct.transform(rows).collectAsList());
        assertThat(client.fetchDoubles(model, "summary", "objectiveHistory"))
                .containsExactly(direct.summary().objectiveHistory());
        assertThat(client.evaluate(
                        RegressionEvaluator.class,
                        Map.of("labelCol", "b", "metricName", "mae"),
                        transform(model, Map.of(), remoteRows)))
                .isEqualTo(new RegressionEvaluator()
                        .setLabelCol("b")
                        .setMetricName("mae")
                        .evaluate(direct.transform(rows)));
    }

    @Test
    void soAreSeveralLabels() {
        String query = remoteRows.getSql().getQuery().replace("*", "*, a > 1 AS more, double(b < 0) AS less");
        Map<String, Object> params = with(SETTINGS, "labelCols", new String[] {"more", "less"});
        String model = client.fit(MultiLabelNeuralNetworkClassifier.class, params, sql(query));
        MultiLabelNeuralNetworkModel direct = new MultiLabelNeuralNetworkClassifier()
                .setLabelCols("more", "less")
                .setHiddenLayers(8)
                .setMaxIter(4)
                .setBatchSize(20)
                .setStepSize(0.05)
                .setValidationFraction(0.2)
                .fit(SERVER.session().sql(query));
        List<Row> expected = direct.setProbabilityCol("shares").transform(rows).collectAsList();
        assertThat(here(transform(model, Map.of("probabilityCol", "shares"), remoteRows), "labels"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(client.fetchDoubles(model, "summary", "objectiveHistory"))
                .containsExactly(direct.summary().objectiveHistory());
        String path = directory.resolve("saved-labels").toString();
        client.save(model, path);
        String loaded = client.loadModel(MultiLabelNeuralNetworkModel.class, path);
        assertThat(here(transform(loaded, Map.of("probabilityCol", "shares"), remoteRows), "loaded-labels"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void soAreAutoencoders() {
        Map<String, Object> params = with(SETTINGS, "codeSize", 1);
        params.put("labelCol", "");
        String model = client.fit(Autoencoder.class, params, remoteRows);
        AutoencoderModel direct = new Autoencoder()
                .setHiddenLayers(8)
                .setCodeSize(1)
                .setMaxIter(4)
                .setBatchSize(20)
                .setStepSize(0.05)
                .setValidationFraction(0.2)
                .fit(rows);
        List<Row> expected = direct.setEmbeddingCol("code").transform(rows).collectAsList();
        assertThat(here(transform(model, Map.of("embeddingCol", "code"), remoteRows), "codes"))
                .containsExactlyInAnyOrderElementsOf(expected);
        String path = directory.resolve("saved-autoencoder").toString();
        client.save(model, path);
        String loaded = client.loadModel(AutoencoderModel.class, path);
        assertThat(here(transform(loaded, Map.of("embeddingCol", "code"), remoteRows), "loaded-codes"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theSummaryIsFetched() {
        String model = client.fit(NeuralNetworkClassifier.class, SETTINGS, remoteRows);
        double[] history = classifier().fit(rows).summary().objectiveHistory();
        assertThat(client.fetch(model, "hasSummary").getParam().getBoolean()).isTrue();
        assertThat(client.fetchDoubles(model, "summary", "objectiveHistory")).containsExactly(history);
        String summary = client.fetch(model, "summary").getSummary();
        assertThat(client.fetch(summary, "totalIterations").getParam().getInteger())
                .isEqualTo(4);
        assertThat(client.fetchDoubles(summary, "objectiveHistory")).containsExactly(history);
    }

    @Test
    void modelAndSummaryComeBackFromTheServersDisk() {
        assumeTrue(SERVER.keepsModelsOnDisk());
        Map<String, Object> values = with(SETTINGS, "labelCol", "b");
        Map<Class<?>, Map<String, Object>> fits =
                Map.of(NeuralNetworkClassifier.class, SETTINGS, NeuralNetworkRegressor.class, values);
        fits.forEach((estimator, params) -> {
            String model = client.fit(estimator, params, remoteRows);
            double[] history = client.fetchDoubles(model, "summary", "objectiveHistory");
            List<Row> before = here(transform(model, Map.of(), remoteRows), estimator.getSimpleName() + "-before");
            client.evict(model);
            assertThat(here(transform(model, Map.of(), remoteRows), estimator.getSimpleName() + "-after"))
                    .containsExactlyInAnyOrderElementsOf(before);
            assertThatThrownBy(() -> client.fetch(model, "summary")).hasMessageContaining("summary");
            assertThat(client.createSummary(model, remoteRows)).isTrue();
            assertThat(client.fetchDoubles(model, "summary", "objectiveHistory"))
                    .containsExactly(history);
            assertThat(client.fetch(model, "summary", "totalIterations")
                            .getParam()
                            .getInteger())
                    .isEqualTo(4);
        });
    }

    @Test
    void aSavedModelIsLoadedWithoutItsSummary() {
        String model = client.fit(NeuralNetworkClassifier.class, SETTINGS, remoteRows);
        String path = directory.resolve("saved").toString();
        client.save(model, path);
        String loaded = client.loadModel(NeuralNetworkClassificationModel.class, path);
        assertThat(here(transform(loaded, Map.of(), remoteRows), "loaded"))
                .containsExactlyInAnyOrderElementsOf(NeuralNetworkClassificationModel.load(path)
                        .transform(rows)
                        .collectAsList())
                .containsExactlyInAnyOrderElementsOf(here(transform(model, Map.of(), remoteRows), "fitted"));
        assertThat(client.fetch(loaded, "hasSummary").getParam().getBoolean()).isFalse();
        if (SERVER.keepsModelsOnDisk()) {
            assertThatThrownBy(() -> client.createSummary(loaded, remoteRows))
                    .hasMessageContaining("No training summary available for this NeuralNetworkClassificationModel");
        }
        String values = client.fit(NeuralNetworkRegressor.class, with(SETTINGS, "labelCol", "b"), remoteRows);
        client.save(values, path + "-values");
        assertThat(client.fetch(client.loadModel(NeuralNetworkRegressionModel.class, path + "-values"), "numFeatures")
                        .getParam()
                        .getInteger())
                .isEqualTo(2);
    }

    @Test
    void estimatorsAreSavedAndLoaded() {
        for (Class<?> estimator : List.of(NeuralNetworkClassifier.class, NeuralNetworkRegressor.class)) {
            String path = directory.resolve(estimator.getSimpleName()).toString();
            client.save(estimator, SETTINGS, path);
            assertThat(client.load(estimator, OperatorType.OPERATOR_TYPE_ESTIMATOR, path)
                            .getParams()
                            .getParamsMap()
                            .get("maxIter")
                            .getInteger())
                    .isEqualTo(4);
        }
        assertThat(NeuralNetworkClassifier.load(
                                directory.resolve("NeuralNetworkClassifier").toString())
                        .getHiddenLayers())
                .containsExactly(8);
    }

    /** The client fits the stages of a pipeline one after another. */
    @Test
    void aPipelineIsFittedStageByStage() {
        Map<String, Object> assembler = Map.of("inputCols", new String[] {"a", "b"}, "outputCol", "both");
        Map<String, Object> indexer = Map.of("inputCol", "text", "outputCol", "class");
        Map<String, Object> params = with(with(SETTINGS, "labelCol", "class"), "featuresCol", "both");
        Relation assembled = transform(VectorAssembler.class, assembler, remoteRows);
        String indexed = client.fit(StringIndexer.class, indexer, assembled);
        Relation labelled = transform(indexed, Map.of(), assembled);
        String model = client.fit(NeuralNetworkClassifier.class, params, labelled);

        VectorAssembler first =
                new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("both");
        StringIndexer second = new StringIndexer().setInputCol("text").setOutputCol("class");
        NeuralNetworkClassifier third = classifier().setLabelCol("class").setFeaturesCol("both");
        PipelineModel direct = new org.apache.spark.ml.Pipeline()
                .setStages(new org.apache.spark.ml.PipelineStage[] {first, second, third})
                .fit(rows);
        assertThat(here(transform(model, Map.of(), labelled), "pipeline"))
                .containsExactlyInAnyOrderElementsOf(direct.transform(rows).collectAsList());
    }

    /** The client fits and measures once for each fold and setting; a train-validation split is one fold of it. */
    @Test
    void crossValidationFindsTheBetterSetting() {
        double[] accuracy = new double[2];
        for (int setting = 0; setting < 2; setting++) {
            for (int fold = 0; fold < 2; fold++) {
                Relation training = sql(remoteRows.getSql().getQuery() + " WHERE fold <> " + fold);
                Relation test = sql(remoteRows.getSql().getQuery() + " WHERE fold = " + fold);
                Map<String, Object> params = with(SETTINGS, "maxIter", setting == 0 ? 1 : 12);
                String model = client.fit(NeuralNetworkClassifier.class, params, training);
                accuracy[setting] += client.evaluate(
                                MulticlassClassificationEvaluator.class,
                                Map.of("metricName", "accuracy"),
                                transform(model, Map.of(), test))
                        / 2;
                client.delete(model);
            }
        }
        assertThat(accuracy[1]).isGreaterThan(0.8).isGreaterThan(accuracy[0]);
    }

    @Test
    void aDeletedModelIsGone() {
        String model = client.fit(NeuralNetworkClassifier.class, SETTINGS, remoteRows);
        client.delete(model);
        assertThatThrownBy(() -> client.fetch(model, "numClasses")).hasMessageContaining(model);
    }

    @Test
    void theClientIsToldWhatIsWrong() {
        assertThatThrownBy(() -> client.fit(NeuralNetworkClassifier.class, with(SETTINGS, "labelCol", "a"), remoteRows))
                .hasMessageContaining("column 'a'");
        assertThatThrownBy(() -> client.fit(NeuralNetworkClassifier.class, with(SETTINGS, "batchSize", -2), remoteRows))
                .hasMessageContaining("batchSize");
    }
}
