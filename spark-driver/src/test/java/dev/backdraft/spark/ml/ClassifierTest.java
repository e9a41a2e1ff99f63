package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> rows(int classes) {
        return Frames.classes(SPARK.get(), classes, 300, 1).cache();
    }

    private static NeuralNetworkClassifier small() {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(8)
                .setMaxIter(20)
                .setBatchSize(16)
                .setStepSize(0.01);
    }

    @Test
    void tellsThreeClassesApart() {
        NeuralNetworkClassificationModel model = small().fit(rows(3));
        Dataset<Row> scored = model.transform(Frames.classes(SPARK.get(), 3, 150, 2));
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("accuracy")
                        .evaluate(scored))
                .isGreaterThan(0.95);
        assertThat(model.numClasses()).isEqualTo(3);
        assertThat(model.numFeatures()).isEqualTo(4);
        for (Row row : scored.collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(row.<Vector>getAs("rawPrediction")).isEqualTo(model.predictRaw(features));
            assertThat(row.<Vector>getAs("probability")).isEqualTo(model.predictProbability(features));
            assertThat(row.<Double>getAs("prediction")).isEqualTo(model.predict(features));
            assertThat(model.raw2probability(model.predictRaw(features))).isEqualTo(model.predictProbability(features));
        }
    }

    @ParameterizedTest
    @CsvSource({"3, cross-entropy, softmax", "3, kl-divergence, softmax", "2, binary-cross-entropy, sigmoid"})
    void theNetworkEndsWithOutputsThatTheLossTakes(int classes, String loss, String last) {
        NeuralNetworkClassificationModel model = small().setLoss(loss).fit(rows(classes));
        assertThat(model.model().network().toString()).contains("-> " + last);
        Dataset<Row> scored = model.transform(Frames.classes(SPARK.get(), classes, 150, 2));
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("accuracy")
                        .evaluate(scored))
                .isGreaterThan(0.95);
    }

    @Test
    void everyParameterIsListed() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        List<String> names = Arrays.stream(classifier.params()).map(Param::name).toList();
        assertThat(names).hasSize(48).contains("featuresCol", "thresholds", "maxIter", "hiddenLayers", "aggregation");
        assertThat(classifier.params()).allMatch(param -> param.parent().equals(classifier.uid()));
        assertThat(classifier.explainParams())
                .contains("hiddenLayers: units of each hidden layer; none for a linear model");
    }

    @Test
    void savedAndLoadedItScoresTheSameBits(@TempDir Path directory) throws IOException {
        NeuralNetworkClassificationModel model = small().fit(rows(3));
        String path = directory.resolve("model").toString();
        model.write().overwrite().save(path);
        model.write().overwrite().save(path);
        NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(path);
        assertThat(loaded.uid()).isEqualTo(model.uid());
        assertThat(loaded.transform(rows(3)).collectAsList())
                .isEqualTo(model.transform(rows(3)).collectAsList());
        assertThat(ModelFile.read(Path.of(path, "data", "model.backdraft")).weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        NeuralNetworkClassifier estimator = small();
        estimator.write().overwrite().save(path);
        NeuralNetworkClassifier same = NeuralNetworkClassifier.load(path);
        for (Param<?> param : estimator.params()) {
            assertThat(same.isSet(same.getParam(param.name()))).isEqualTo(estimator.isSet(param));
            assertThat(same.get(same.getParam(param.name())))
                    .usingRecursiveComparison()
                    .isEqualTo(estimator.get(param));
        }
    }

    @Test
    void worksInAPipeline(@TempDir Path directory) throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled"), small().setFeaturesCol("scaled")
        });
        PipelineModel model = pipeline.fit(rows(2));
        String path = directory.resolve("pipeline").toString();
        model.write().overwrite().save(path);
        assertThat(PipelineModel.load(path).transform(rows(2)).collectAsList())
                .isEqualTo(model.transform(rows(2)).collectAsList());
        pipeline.write().overwrite().save(path);
        assertThat(((NeuralNetworkClassificationModel)
                                Pipeline.load(path).fit(rows(2)).stages()[1])
                        .model()
                        .weightsSha256())
                .isEqualTo(((NeuralNetworkClassificationModel) model.stages()[1])
                        .model()
                        .weightsSha256());
    }

    @Test
    void aCopyHasTheSameParametersAndNetwork() {
        NeuralNetworkClassifier classifier = small();
        NeuralNetworkClassifier copy =
                classifier.copy(new ParamMap().put(classifier.maxIter().w(7)));
        assertThat(copy.uid()).isEqualTo(classifier.uid());
        assertThat(copy.getMaxIter()).isEqualTo(7);
        assertThat(copy.getBatchSize()).isEqualTo(16);
        assertThat(classifier.getMaxIter()).isEqualTo(20);
        NeuralNetworkClassificationModel model = copy.fit(rows(2));
        assertThat(model.uid()).isEqualTo(classifier.uid());
        assertThat(model.parent()).isSameAs(copy);
        assertThat(model.copy(ParamMap.empty()).parent()).isSameAs(copy);
        assertThat(model.summary().totalIterations()).isEqualTo(7);
    }
}
