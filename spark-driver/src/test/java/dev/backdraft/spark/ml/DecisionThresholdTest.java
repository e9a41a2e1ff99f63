package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.spark.rdd.RddModel;
import dev.backdraft.spark.sql.BackdraftFunctions;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The threshold that a fit finds on its validation rows decides about class 1, unless the parameter {@code thresholds}
 * is set.
 */
class DecisionThresholdTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static List<Row> list;
    private static Dataset<Row> rows;

    /** One yes in five. */
    @BeforeAll
    static void makeRows() {
        Random random = new Random(7);
        list = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double[] x = {random.nextGaussian(), random.nextGaussian()};
            double weight = 1 + random.nextInt(3) / 2.0;
            list.add(RowFactory.create(x[0] + random.nextGaussian() > 1.2 ? 1.0 : 0.0, weight, Vectors.dense(x)));
        }
        rows = Samples.weighted(SPARK.get(), list.toArray(Row[]::new)).cache();
    }

    private static NeuralNetworkClassifier classifier(String threshold) {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(4)
                .setMaxIter(3)
                .setBatchSize(32)
                .setStepSize(0.02)
                .setStandardize(true)
                .setL2(0)
                .setWeightCol("weight")
                .setValidationFraction(0.3)
                .setThreshold(threshold);
    }

    @Tag("slow")
    @Test
    void everyRouteAndPartitioningFindsTheThresholdOfOneMachine() {
        Model fitted = classifier("f1").fit(rows).model();
        List<Example> examples = list.stream()
                .map(row ->
                        Example.dense(floats(row.getAs(2)), row.getDouble(0)).withWeight((float) row.getDouble(1)))
                .toList();
        TrainingConfig config = TrainingConfig.standard()
                .withEpochs(3)
                .withBatchSize(32)
                .withLearningRate(0.02)
                .withThreshold("f1");
        TrainingRequest request = TrainingRequest.of(fitted.network(), config)
                .withLoss(fitted.loss())
                .withStandardize(true)
                .withValidationFraction(0.3);
        Model local = LocalTraining.train(request, examples);
        assertThat(local.hasThreshold()).isTrue();
        assertThat(local.threshold()).isNotEqualTo(0.5);
        for (String aggregation : List.of("job", "resident")) {
            for (int partitions : new int[] {1, 3, 7}) {
                Model model = classifier("f1")
                        .setAggregation(aggregation)
                        .setEarlyStoppingPatience(0)
                        .fit(rows.repartition(partitions))
                        .model();
                assertThat(model.weightsSha256()).isEqualTo(local.weightsSha256());
                assertThat(model.threshold()).isEqualTo(local.threshold());
                assertThat(model.provenance().get("thresholdF1"))
                        .isEqualTo(local.provenance().get("thresholdF1"));
            }
        }
    }

    private static float[] floats(Vector vector) {
        float[] floats = new float[vector.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) vector.apply(i);
        }
        return floats;
    }

    @Test
    void predictionsUseTheThresholdUnlessThresholdsAreSet(@TempDir Path directory) throws IOException {
        NeuralNetworkClassificationModel model = classifier("cost=5").fit(rows);
        assertThat(model.hasParam("threshold")).isTrue();
        assertThat(model.getThreshold()).isEqualTo("cost=5");
        double threshold = model.decisionThreshold();
        assertThat(threshold).isLessThan(0.5).isEqualTo(model.model().threshold());
        checkPredictions(model, threshold);

        String path = directory.resolve("model").toString();
        model.save(path);
        NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(path);
        assertThat(loaded.decisionThreshold()).isEqualTo(threshold);
        checkPredictions(loaded, threshold);

        BackdraftFunctions.register(SPARK.get());
        RddModel byRdd = new RddModel(model.model());
        for (Row row : rows.selectExpr("features", "backdraft_predict_class('" + path + "', features) AS class")
                .collectAsList()) {
            double expected = model.predict(row.getAs("features"));
            assertThat(row.<String>getAs("class")).isEqualTo(expected == 1 ? "1" : "0");
            assertThat(byRdd.predict(org.apache.spark.mllib.linalg.Vectors.fromML(row.getAs("features"))))
                    .isEqualTo(expected);
        }

        checkPredictions(loaded.setThresholds(new double[] {0.1, 0.9}), 0.9);
    }

    private static void checkPredictions(NeuralNetworkClassificationModel model, double threshold) {
        int moved = 0;
        for (Row row : model.transform(rows).collectAsList()) {
            Vector probability = row.getAs("probability");
            double expected = probability.apply(1) > threshold ? 1 : 0;
            moved += expected == (probability.apply(1) > 0.5 ? 1 : 0) ? 0 : 1;
            assertThat(row.<Double>getAs("prediction")).isEqualTo(expected);
            assertThat(model.predict(row.getAs("features"))).isEqualTo(expected);
            assertThat(model.probability2prediction(probability)).isEqualTo(expected);
            assertThat(model.raw2prediction(row.getAs("rawPrediction"))).isEqualTo(expected);
        }
        assertThat(moved).isPositive();
    }

    @Tag("slow")
    @Test
    void probabilitiesAreCalibratedWhateverGivesThem() {
        NeuralNetworkClassificationModel model =
                classifier("f1").setSettings("{\"calibration\": \"isotonic\"}").fit(rows);
        assertThat(model.model().calibration()).isNotNull();
        for (Row row : model.transform(rows).collectAsList()) {
            Vector probability = row.getAs("probability");
            Vector features = row.getAs("features");
            assertThat(probability).isEqualTo(model.predictProbability(features));
            assertThat(model.raw2probability(row.getAs("rawPrediction"))).isEqualTo(probability);
            assertThat((float) probability.apply(1)).isEqualTo(model.model().predict(floats(features))[0]);
            assertThat(row.<Double>getAs("prediction"))
                    .isEqualTo(probability.apply(1) > model.decisionThreshold() ? 1 : 0);
        }
    }

    @Test
    void thresholdsOfTheEstimatorWinToo() {
        checkPredictions(
                classifier("0.1").setThresholds(new double[] {0.3, 0.7}).fit(rows), 0.7);
    }

    @Test
    void aRuleNeedsValidationRowsAndTwoClasses() {
        assertThatThrownBy(() -> classifier("f1").setValidationFraction(0).fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("threshold f1 is chosen on validation rows, but there are none");
        assertThatThrownBy(
                        () -> new NeuralNetworkRegressor().setThreshold("0.3").fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("threshold decides between two classes");
        assertThatThrownBy(() -> classifier("half")).hasMessageContaining("threshold is 'half': use a number above 0");
        assertThat(classifier("0.3").setValidationFraction(0).fit(rows).decisionThreshold())
                .isEqualTo(0.3);
    }
}
