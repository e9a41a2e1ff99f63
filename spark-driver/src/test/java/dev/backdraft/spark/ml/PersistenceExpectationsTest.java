package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Spark's own tests ask of a stage that is saved and loaded, asked of ours. */
@Tag("slow")
class PersistenceExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    @TempDir
    private Path directory;

    private int stages;

    private static Dataset<Row> data;
    private static NeuralNetworkClassificationModel classifier;
    private static NeuralNetworkRegressionModel regressor;

    @BeforeAll
    static void train() {
        data = Frames.classes(SPARK.get(), 2, 30, 1).cache();
        classifier = Samples.classifier().setMaxIter(1).fit(data);
        regressor = Samples.regressor().setMaxIter(1).fit(data);
    }

    private static Stream<Params> estimators() {
        return Stream.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor());
    }

    /** Saves a stage, and loads it as Spark does: by the static methods that it looks up. */
    private <T extends Params> T saved(T stage) throws IOException, ReflectiveOperationException {
        String path = directory.resolve("stage" + stages++).toString();
        MLWritable writable = (MLWritable) stage;
        writable.save(path);
        assertThatThrownBy(() -> writable.save(path)).hasMessageContaining("already exists");
        writable.write().overwrite().save(path);
        MLReader<?> reader = (MLReader<?>) stage.getClass().getMethod("read").invoke(null);
        assertSame((Params) reader.load(path), stage);
        Object loaded = stage.getClass().getMethod("load", String.class).invoke(null, path);
        assertSame((Params) loaded, stage);
        @SuppressWarnings("unchecked") // as it has the same class
        T same = (T) loaded;
        return same;
    }

    private static void assertSame(Params loaded, Params stage) {
        assertThat(loaded).hasSameClassAs(stage);
        assertThat(loaded.uid()).isEqualTo(stage.uid());
        for (Param<?> param : stage.params()) {
            Param<?> same = loaded.getParam(param.name());
            assertThat(loaded.isSet(same)).as(param.name()).isEqualTo(stage.isSet(param));
            assertThat(loaded.isDefined(same)).as(param.name()).isEqualTo(stage.isDefined(param));
            if (stage.isDefined(param)) {
                assertThat(loaded.<Object>$(untyped(same))).as(param.name()).isEqualTo(stage.$(param));
            }
        }
    }

    @SuppressWarnings("unchecked") // read only
    private static Param<Object> untyped(Param<?> param) {
        return (Param<Object>) param;
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void anEstimatorKeepsEveryParameter(Params estimator) throws IOException, ReflectiveOperationException {
        saved(estimator);
        Params all = estimator.getClass().getConstructor().newInstance();
        for (Param<?> param : all.params()) {
            ParamExpectationsTest.set(all, param.name(), ParamExpectationsTest.UNUSUAL.get(param.name()));
        }
        saved(all);
    }

    @Test
    void aModelKeepsEveryParameterAndBit() throws IOException, ReflectiveOperationException {
        Map<String, Object> some = new HashMap<>(ParamExpectationsTest.UNUSUAL);
        some.keySet()
                .removeAll(Set.of(
                        "featuresCols", "layers", "network", "classWeights", "balanceClasses")); // contradict others
        for (Params model : List.of(classifier.copy(ParamMap.empty()), regressor.copy(ParamMap.empty()))) {
            some.forEach((name, value) -> {
                if (model.hasParam(name)) {
                    ParamExpectationsTest.set(model, name, value);
                }
            });
            saved(model);
        }
        NeuralNetworkClassificationModel loaded = saved(classifier);
        assertThat(loaded.model().weightsSha256()).isEqualTo(classifier.model().weightsSha256());
        assertThat(loaded.numClasses()).isEqualTo(2);
        assertThat(loaded.numFeatures()).isEqualTo(4);
        assertThat(loaded.transform(data).schema())
                .isEqualTo(classifier.transform(data).schema());
        assertThat(loaded.transform(data).collectAsList())
                .isEqualTo(classifier.transform(data).collectAsList());
        assertThat(saved(regressor).transform(data).collectAsList())
                .isEqualTo(regressor.transform(data).collectAsList());
    }

    @Test
    void aLoadedModelHasNeitherParentNorSummary() throws IOException, ReflectiveOperationException {
        NeuralNetworkClassificationModel loaded = saved(classifier);
        assertThat(loaded.hasSummary()).isFalse();
        assertThat(loaded.hasParent()).isFalse();
        assertThat(loaded.copy(ParamMap.empty()).hasParent()).isFalse();
    }

    @Test
    void aLoadedEstimatorTrainsTheSameModel() throws IOException, ReflectiveOperationException {
        NeuralNetworkClassifier estimator = saved(Samples.classifier().setMaxIter(1));
        assertThat(estimator.fit(data).model().weightsSha256())
                .isEqualTo(classifier.model().weightsSha256());
    }

    @Test
    void anotherClassIsNotLoaded() throws IOException {
        String path = directory.resolve("model").toString();
        classifier.save(path);
        assertThatIllegalArgumentException().isThrownBy(() -> NeuralNetworkRegressionModel.load(path));
        assertThatThrownBy(() -> NeuralNetworkClassifier.load(path))
                .hasMessageContaining("NeuralNetworkClassificationModel");
        assertThatIllegalArgumentException().isThrownBy(() -> LogisticRegressionModel.load(path));
    }

    @Test
    void aBrokenModelIsNotLoaded() throws IOException {
        Path path = directory.resolve("model");
        classifier.save(path.toString());
        Path file = path.resolve(ModelStore.FILE);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
        assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(path.toString()))
                .hasStackTraceContaining("model.backdraft");
        Files.delete(file);
        assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(path.toString()))
                .hasStackTraceContaining("model.backdraft");
    }

    @Test
    void nothingIsWrittenByJavaSerialisation() throws IOException {
        Path path = directory.resolve("model");
        classifier.save(path.toString());
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] start = Files.readAllBytes(file);
                boolean serialised = start.length > 1 && start[0] == (byte) 0xAC && start[1] == (byte) 0xED;
                assertThat(serialised).as(file.toString()).isFalse();
            }
        }
    }

    @Test
    void coreReadsTheFileAndPredictsTheSameBits() throws IOException {
        Path path = directory.resolve("model");
        classifier.save(path.toString());
        Model model = ModelFile.read(path.resolve(ModelStore.FILE));
        Predictor predictor = model.predictor(1);
        for (Row row : classifier.transform(data).collectAsList()) {
            double[] features = row.<Vector>getAs("features").toArray();
            float[] values = new float[features.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) features[i];
            }
            predictor.load(List.of(Example.dense(values, Double.NaN)));
            predictor.predict();
            assertThat(predictor.probability(1, 0))
                    .isEqualTo(row.<Vector>getAs("probability").apply(1));
        }
    }

    @Test
    void aPipelineWithTextLabelsComesBackWhole() throws IOException {
        StructType schema = new StructType()
                .add("a", DataTypes.IntegerType)
                .add("b", DataTypes.DoubleType)
                .add("animal", DataTypes.StringType);
        List<Row> animals = List.of(
                RowFactory.create(1, 2.0, "cat"),
                RowFactory.create(2, 1.0, "dog"),
                RowFactory.create(1, 2.5, "cat"),
                RowFactory.create(3, 1.0, "eel"),
                RowFactory.create(4, 1.5, "eel"));
        Dataset<Row> rows = SPARK.get().createDataFrame(animals, schema);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("animal").setOutputCol("label"),
            new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features"),
            Samples.classifier()
        });
        String path = directory.resolve("pipeline").toString();
        pipeline.save(path);
        PipelineModel model = Pipeline.load(path).fit(rows);
        assertThat(pipeline.transformSchema(schema).fieldNames())
                .containsExactly("a", "b", "animal", "label", "features", "rawPrediction", "probability", "prediction");
        model.write().overwrite().save(path);
        PipelineModel loaded = PipelineModel.load(path);
        assertThat(loaded.transform(rows).collectAsList())
                .isEqualTo(model.transform(rows).collectAsList());
        NeuralNetworkClassificationModel stage = (NeuralNetworkClassificationModel) loaded.stages()[2];
        assertThat(stage.labels()).containsExactly("cat", "eel", "dog");
        assertThat(stage.model().preprocessing().featureNames()).containsExactly("a", "b");
    }

    @Test
    void aStageWithoutANetworkSaysSo() {
        assertThatThrownBy(() -> new NeuralNetworkClassificationModel().transform(data))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new NeuralNetworkClassificationModel().getParam("noSuch"))
                .isInstanceOf(NoSuchElementException.class);
    }
}
