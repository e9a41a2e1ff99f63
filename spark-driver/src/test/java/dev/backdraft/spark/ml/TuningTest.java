package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark builds on top of estimators. */
@Tag("slow")
class TuningTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private Dataset<Row> rows;
    private final NeuralNetworkClassifier classifier =
            new NeuralNetworkClassifier().setHiddenLayers(6).setMaxIter(10).setBatchSize(32);
    private final ParamMap[] grid = new ParamGridBuilder()
            .addGrid(classifier.stepSize(), new double[] {1e-5, 0.02})
            .addGrid(classifier.hiddenLayers(), CollectionConverters.asScala(List.of(new int[] {8})))
            .build();

    @BeforeEach
    void makeRows() {
        rows = Frames.classes(SPARK.get(), 3, 120, 1).cache();
    }

    private static String weights(Object model) {
        return ((NeuralNetworkClassificationModel) model).model().weightsSha256();
    }

    /** Spark puts the weights that a training with the best parameters comes to into the model, and so must a direct fit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aCrossValidatorFindsTheParametersOfTheBestModel(int parallelism, @TempDir Path directory) throws IOException {
        CrossValidator validator = new CrossValidator()
                .setEstimator(classifier)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(3)
                .setParallelism(parallelism);
        CrossValidatorModel model = validator.fit(rows);
        NeuralNetworkClassificationModel best = (NeuralNetworkClassificationModel) model.bestModel();
        assertThat(best.getStepSize()).isEqualTo(0.02);
        assertThat(weights(best))
                .isEqualTo(weights(classifier
                        .copy(ParamMap.empty())
                        .setStepSize(0.02)
                        .setHiddenLayers(best.getHiddenLayers())
                        .fit(rows)));
        String path = directory.resolve("model").toString();
        model.write().overwrite().save(path);
        assertThat(weights(CrossValidatorModel.load(path).bestModel())).isEqualTo(weights(best));
        validator.write().overwrite().save(path);
        assertThat(CrossValidator.load(path).getEstimatorParamMaps()).hasSize(2);
    }

    @Test
    void aSplitAroundAPipelineDoesTheSame() {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled"), classifier.setFeaturesCol("scaled")
        });
        TrainValidationSplitModel model = new TrainValidationSplit()
                .setEstimator(pipeline)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(classifier.stepSize(), new double[] {1e-5, 0.02})
                        .build())
                .setSeed(3)
                .setParallelism(2)
                .fit(rows);
        PipelineModel best = (PipelineModel) model.bestModel();
        assertThat(model.validationMetrics()[1]).isLessThan(model.validationMetrics()[0]);
        assertThat(weights(best.stages()[1]))
                .isEqualTo(weights(
                        pipeline.fit(rows, classifier.stepSize().w(0.02)).stages()[1]));
    }

    @Test
    void oneVsRestTrainsABinaryModelForEachClass(@TempDir Path directory) throws IOException {
        OneVsRest oneVsRest =
                new OneVsRest().setClassifier(classifier.setStepSize(0.02)).setParallelism(2);
        OneVsRestModel model = oneVsRest.fit(rows);
        String path = directory.resolve("model").toString();
        model.write().overwrite().save(path);
        Dataset<Row> scored = OneVsRestModel.load(path).transform(Frames.classes(SPARK.get(), 3, 90, 2));
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("accuracy")
                        .evaluate(scored))
                .isGreaterThan(0.9);
    }

    @Test
    void everyEvaluatorTakesTheColumns() {
        Dataset<Row> three =
                classifier.setStepSize(0.02).fit(rows).transform(rows).cache();
        List<Double> values = new ArrayList<>();
        for (String metric : new String[] {"f1", "hammingLoss"}) {
            values.add(new MulticlassClassificationEvaluator()
                    .setMetricName(metric)
                    .evaluate(three));
        }
        values.add(
                new MulticlassClassificationEvaluator().setMetricName("logLoss").evaluate(three));
        Dataset<Row> two = Frames.classes(SPARK.get(), 2, 90, 1);
        Dataset<Row> scored = classifier.fit(two).transform(two).cache();
        Evaluator areaUnderRoc = new BinaryClassificationEvaluator();
        values.add(areaUnderRoc.evaluate(scored));
        assertThat(areaUnderRoc.evaluate(scored)).isGreaterThan(0.99);
        values.add(new BinaryClassificationEvaluator()
                .setMetricName("areaUnderPR")
                .setRawPredictionCol("probability")
                .evaluate(scored));
        Dataset<Row> numbers = Frames.values(SPARK.get(), 90, 1);
        Dataset<Row> predicted = new NeuralNetworkRegressor()
                .setMaxIter(2)
                .fit(numbers)
                .transform(numbers)
                .cache();
        for (String metric : new String[] {"rmse", "r2"}) {
            values.add(new RegressionEvaluator().setMetricName(metric).evaluate(predicted));
        }
        assertThat(values).allMatch(Double::isFinite);
    }
}
