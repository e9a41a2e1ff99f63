package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import dev.backdraft.data.Standardizer;
import dev.backdraft.model.Model;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.local.LocalTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimator without labels: the bits of core, columns of code and error, principal components, tables. */
@Tag("slow")
class AutoencoderTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final String[] LOANS = {"Seniority", "Home", "Time", "Age", "Job", "Income", "Assets"};

    private static Dataset<Row> rows() {
        return Frames.classes(SPARK.get(), 3, 90, 1);
    }

    private static Dataset<Row> file(String name) {
        return SPARK.get()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("../core/src/test/resources/data/" + name + ".csv.gz");
    }

    private static Autoencoder quick() {
        return new Autoencoder().setHiddenLayers(6).setMaxIter(5).setBatchSize(32);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void hasTheBitsOfCoreForAnyPartitions(int partitions) {
        List<Example> examples = new ArrayList<>();
        for (Row row : rows().collectAsList()) {
            examples.add(Example.dense(row.<Vector>getAs("features").toArray(), Double.NaN));
        }
        TrainingDraft draft = TrainingDraft.automatic()
                .withHidden(6)
                .with("epochs", IntNode.valueOf(5))
                .with("batchSize", IntNode.valueOf(32))
                .asAutoencoder(2);
        AutoencoderModel model = quick().setCodeSize(2).fit(rows().drop("label").repartition(partitions));
        assertThat(model.model().weightsSha256())
                .isEqualTo(LocalTraining.train(draft, examples).weightsSha256());
    }

    @Test
    void addsReconstructionErrorAndCodeAndKeepsThemWhenSaved(@TempDir Path directory) throws Exception {
        AutoencoderModel fitted = quick().fit(rows());
        String path = directory.resolve("model").toString();
        fitted.save(path);
        AutoencoderModel model = AutoencoderModel.load(path);
        Dataset<Row> scored = model.transform(rows());
        assertThat(scored.columns())
                .containsExactly("label", "features", "prediction", "reconstructionError", "embedding");
        assertThat(scored.schema()).isEqualTo(model.transformSchema(rows().schema()));
        assertThat(quick().transformSchema(rows().schema()).fieldNames()).isEqualTo(scored.columns());
        assertThat(AttributeGroup.fromStructField(scored.schema().apply("embedding"))
                        .size())
                .isEqualTo(2);
        assertThat(scored.collectAsList()).isEqualTo(fitted.transform(rows()).collectAsList());
        Standardizer scale = model.model().preprocessing().features();
        for (Row row : scored.collectAsList()) {
            Vector features = row.getAs("features");
            double[] x = features.toArray();
            Vector reconstruction = row.getAs("prediction");
            assertThat(row.<Vector>getAs("embedding").toArray())
                    .isEqualTo(doubles(model.model().embed(x, Model.NARROWEST)));
            assertThat(reconstruction).isEqualTo(model.predictVector(features));
            assertThat(reconstruction.toArray()).isEqualTo(model.model().predict(x));
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += Math.pow((reconstruction.apply(i) - x[i]) / scale.deviation()[i], 2);
            }
            double error = row.getAs("reconstructionError");
            assertThat(error)
                    .isCloseTo(sum / x.length, within(1e-5 * (1 + sum)))
                    .isEqualTo(model.predictReconstructionError(features));
        }
        assertThat(model.numFeatures()).isEqualTo(4);
        assertThatThrownBy(() -> model.predict(rows().head().<Vector>getAs("features")))
                .hasMessageContaining("use predictVector");
    }

    /** The variance that Spark's components do not explain is the error of a linear autoencoder at its minimum. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aLinearOneReachesTheErrorOfSparksPrincipalComponents(int k) {
        String[] columns = {"sepal_length", "sepal_width", "petal_length", "petal_width"};
        Dataset<Row> iris = new VectorAssembler()
                .setInputCols(columns)
                .setOutputCol("features")
                .transform(file("iris"));
        Dataset<Row> scaled = new StandardScaler()
                .setWithMean(true)
                .setInputCol("features")
                .setOutputCol("scaled")
                .fit(iris)
                .transform(iris);
        PCAModel components = new PCA().setInputCol("scaled").setK(k).fit(scaled);
        double unexplained =
                1 - Arrays.stream(components.explainedVariance().toArray()).sum();

        AutoencoderModel model = new Autoencoder()
                .setHiddenLayers()
                .setCodeSize(k)
                .setOptimizer("lbfgs")
                .setMaxIter(200)
                .setL2(0)
                .fit(iris);

        double error = model.transform(iris)
                .agg(functions.avg("reconstructionError"))
                .head()
                .getDouble(0);
        assertThat(error).isBetween(unexplained * (1 - 1e-4), unexplained * (1 + 1e-3));
    }

    @Test
    void aTableIsReproducedAsItIsEncoded(@TempDir Path directory) throws Exception {
        Dataset<Row> loans = file("credit").limit(600).cache();
        Autoencoder estimator = quick().setFeaturesCols(LOANS).setColumnEncoding("oneHotLimit=3");
        AutoencoderModel model = estimator.fit(loans.repartition(1));
        assertThat(estimator.fit(loans.repartition(3)).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        assertThat(estimator.fit(loans.repartition(7)).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        assertThat(model.model().network().codes()).isEmpty();
        String path = directory.resolve("model").toString();
        model.save(path);
        Dataset<Row> scored = AutoencoderModel.load(path).transform(loans);
        assertThat(scored.collectAsList()).isEqualTo(model.transform(loans).collectAsList());
        for (Row row : scored.collectAsList()) {
            Object[] values = new Object[LOANS.length];
            Arrays.setAll(values, i -> row.getAs(LOANS[i]));
            String[] texts = Arrays.stream(values)
                    .map(value -> value == null ? "" : value.toString())
                    .toArray(String[]::new);
            float[] x = model.model()
                    .preprocessing()
                    .columns()
                    .encode(Example.raw(Cells.of(texts), 0))
                    .values();
            double[] reconstruction = row.<Vector>getAs("prediction").toArray();
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += (reconstruction[i] - x[i]) * (reconstruction[i] - x[i]);
            }
            assertThat(row.<Double>getAs("reconstructionError")).isEqualTo(sum / x.length);
        }
        loans.unpersist();
    }

    @Test
    void rowsThatCannotBeScoredHaveNoNumbers() {
        Dataset<Row> rows = SPARK.get()
                .sql("SELECT double(id) AS a, double(id % 5) AS b, CASE WHEN id = 3 THEN NULL ELSE double(-id) END AS c"
                        + " FROM range(40)");
        AutoencoderModel model =
                quick().setFeaturesCols("a", "b", "c").setHandleInvalid("keep").fit(rows);
        Row bad = model.transform(rows).where("a = 3").head();
        assertThat(bad.<Double>getAs("reconstructionError")).isNaN();
        assertThat(bad.<Vector>getAs("prediction").toArray())
                .containsOnly(Double.NaN)
                .hasSize(3);
        assertThat(bad.<Vector>getAs("embedding").toArray())
                .containsOnly(Double.NaN)
                .hasSize(1);
        assertThat(model.setHandleInvalid("skip").transform(rows).count()).isEqualTo(39);
        assertThat(quick().setFeaturesCols("a", "b", "c")
                        .fit(rows) // gaps make a table
                        .transform(rows)
                        .where("isnan(reconstructionError)")
                        .count())
                .isZero();
    }

    @Test
    void stopsEarlyOnRowsThatAreHeldOut() {
        Dataset<Row> rows = rows().withColumn("held", functions.expr("rand(1) < 0.3"));
        AutoencoderModel model = quick().setMaxIter(400)
                .setValidationIndicatorCol("held")
                .setEarlyStoppingPatience(2)
                .setStepSize(0.05)
                .fit(rows);
        assertThat(model.summary().objectiveHistory().length).isBetween(3, 399);
        assertThat(model.model().provenance()).containsKey("validationLoss");
    }

    @Test
    void aFitStartsFromAModel(@TempDir Path directory) throws Exception {
        AutoencoderModel first = quick().fit(rows());
        String path = directory.resolve("model").toString();
        first.save(path);
        Autoencoder further = new Autoencoder().setMaxIter(5).setInitialModel(path);
        AutoencoderModel second = further.fit(rows().limit(60));
        assertThat(second.model().preprocessing().features())
                .isEqualTo(first.model().preprocessing().features());
        assertThat(second.model().weightsSha256()).isNotEqualTo(first.model().weightsSha256());
        assertThatThrownBy(() -> further.setCodeSize(2).fit(rows()))
                .hasMessageContaining("both codeSize and initialModel are set");
        String other = directory.resolve("other").toString();
        new NeuralNetworkRegressor().setMaxIter(1).fit(rows()).save(other);
        assertThatThrownBy(() -> new Autoencoder().setInitialModel(other).fit(rows()))
                .hasMessageContaining("not an autoencoder");
    }

    @Test
    void theCodeIsTheInputOfAnotherStage() {
        Autoencoder code =
                quick().setPredictionCol("").setReconstructionErrorCol("").setEmbeddingCol("code");
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setFeaturesCol("code")
                .setHiddenLayers(4)
                .setMaxIter(2);
        PipelineModel model =
                new Pipeline().setStages(new PipelineStage[] {code, classifier}).fit(rows());
        assertThat(model.transform(rows()).columns())
                .containsExactly("label", "features", "code", "rawPrediction", "probability", "prediction");
    }

    @Test
    void aSavedPipelineScoresAStream(@TempDir Path directory) throws Exception {
        PipelineModel model =
                new Pipeline().setStages(new PipelineStage[] {quick()}).fit(rows());
        String path = directory.resolve("pipeline").toString();
        model.save(path);
        String in = directory.resolve("in").toString();
        rows().write().parquet(in);
        Dataset<Row> stream = SPARK.get().readStream().schema(rows().schema()).parquet(in);
        StreamingQuery query = PipelineModel.load(path)
                .transform(stream)
                .writeStream()
                .format("memory")
                .queryName("reconstructed")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .start();
        try {
            query.processAllAvailable();
            assertThat(SPARK.get().table("reconstructed").collectAsList())
                    .containsExactlyInAnyOrderElementsOf(model.transform(rows()).collectAsList());
        } finally {
            query.stop();
        }
    }

    @Test
    void parametersAreCopiedAndSaved(@TempDir Path directory) throws Exception {
        Autoencoder estimator = quick().setCodeSize(3).setReconstructionErrorCol("error");
        String path = directory.resolve("estimator").toString();
        estimator.save(path);
        Autoencoder loaded = Autoencoder.load(path);
        assertThat(loaded.getCodeSize()).isEqualTo(3);
        assertThat(loaded.getReconstructionErrorCol()).isEqualTo("error");
        assertThat(loaded.getLabelCol()).isEmpty();
        assertThat(loaded.getEmbeddingLayer()).isEqualTo(Model.NARROWEST);
        AutoencoderModel model =
                loaded.copy(new ParamMap().put(loaded.codeSize().w(1))).fit(rows());
        assertThat(model.getCodeSize()).isEqualTo(1);
        assertThat(model.copy(ParamMap.empty()).transform(rows()).columns())
                .containsExactly("label", "features", "prediction", "error", "embedding");
        assertThat(new Autoencoder().setLayers(4, 2, 4).estimateModelSize(rows()))
                .isEqualTo(Float.BYTES * (4 * 2 + 2 + 2 * 4 + 4));
    }

    @Test
    void whatIsNotForAnAutoencoderIsRefused() {
        refused(quick().setLabelCol("label"), "labelCol is 'label', but an autoencoder has no label");
        refused(quick().setPreset("tabular"), "preset is tabular, but there is none for an autoencoder");
        refused(
                new Autoencoder().setCodeSize(2).setLayers(4, 2, 4),
                "both codeSize and layers are set: clear one of them");
        refused(
                new Autoencoder().setLayers(4, 2, 3),
                "layers [4, 2, 3] must start with the 4 features and end with the 4 outputs of the data");
        refused(
                quick().setCodeSize(4),
                "the code has 4 units, but must have fewer than the 4 inputs and than each of the hidden layers [6]");
        refused(quick().setLoss("sigmoid-cross-entropy"), "does not compare numbers with numbers");
        refused(quick().setLabelScale("log"), "labelScale is log, but an autoencoder has no label");
        refused(quick().setClassWeights(1, 2), "class weights");
        refused(quick().setFeaturesCols("label"), "an autoencoder needs at least 2 inputs, but the rows have 1");
        assertThatThrownBy(() -> quick().fit(rows().where("label > 9"))).hasMessageContaining("no rows");
        refused(quick().setContributionsCol("why"), "contributions are those to one answer");
    }

    private static void refused(Autoencoder estimator, String message) {
        assertThatThrownBy(() -> estimator.fit(rows()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** Other estimators still need a label. */
    @Test
    void anEmptyLabelColIsForAnAutoencoderOnly() {
        assertThatThrownBy(() -> new NeuralNetworkRegressor().setLabelCol("").fit(rows()))
                .hasMessageContaining("no column ''");
        assertThatThrownBy(() -> new NeuralNetworkClassifier().setLabelCol("").fit(rows()))
                .hasMessageContaining("no column ''");
    }
}
