package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.train.DivergedException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a fit runs: validation, its end, its summary, its settings. */
class FitTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static NeuralNetworkRegressor quick() {
        return new NeuralNetworkRegressor()
                .setHiddenLayers(8)
                .setMaxIter(30)
                .setBatchSize(16)
                .setStepSize(0.05);
    }

    /** Labels of the validation rows are noise, so that fitting the others soon makes their loss worse. */
    private static Dataset<Row> withValidation() {
        return Frames.values(SPARK.get(), 120, 1)
                .withColumn("held", functions.expr("pmod(hash(features), 3) = 0"))
                .withColumn("label", functions.expr("if(held, 5 * sin(1000 * label), label)"));
    }

    /** The second training has all rows and as many epochs as were best: here it can have one only. */
    @Test
    void aRefitIsAFitOfAllRows() {
        Dataset<Row> rows = Frames.values(SPARK.get(), 120, 1);
        NeuralNetworkRegressor one = quick().setMaxIter(1).setL2(1);
        String ofAll = one.setValidationFraction(0).fit(rows).model().weightsSha256();
        one.setValidationFraction(0.25).setEarlyStoppingPatience(3);
        assertThat(one.fit(rows).model().weightsSha256()).isNotEqualTo(ofAll);
        assertThat(one.setRefit(true).fit(rows).model().weightsSha256()).isEqualTo(ofAll);
        one.clear(one.earlyStoppingPatience());
        assertThat(one.fit(rows).model().weightsSha256())
                .as("with the default patience, too")
                .isEqualTo(ofAll);
    }

    @Test
    void earlyStoppingKeepsTheWeightsOfTheBestEpoch() {
        NeuralNetworkRegressor stopping =
                quick().setValidationIndicatorCol("held").setEarlyStoppingPatience(4);
        NeuralNetworkRegressionModel model = stopping.fit(withValidation());
        NeuralNetworkTrainingSummary summary = model.summary();
        assertThat(summary.totalIterations()).isEqualTo(summary.bestEpoch() + 4).isLessThan(30);
        assertThat(summary.endReason()).isEqualTo("no better validation loss for 4 epochs");
        assertThat(model.model().provenance())
                .containsEntry("epochs", Integer.toString(summary.totalIterations()))
                .containsEntry("weightsOfEpoch", Integer.toString(summary.bestEpoch()));
        double[] history = summary.validationHistory();
        assertThat(history).hasSize(summary.totalIterations());
        for (double loss : history) {
            assertThat(loss).isGreaterThanOrEqualTo(history[summary.bestEpoch() - 1]);
        }
        NeuralNetworkRegressionModel asLong = quick().setValidationIndicatorCol("held")
                .setEarlyStoppingPatience(0)
                .setMaxIter(summary.bestEpoch())
                .fit(withValidation());
        assertThat(model.model().weightsSha256()).isEqualTo(asLong.model().weightsSha256());
        NeuralNetworkRegressionModel without =
                quick().setMaxIter(summary.bestEpoch()).fit(withValidation().where("not held"));
        assertThat(without.model().weightsSha256())
                .as("rows to measure on have no part in the training")
                .isEqualTo(asLong.model().weightsSha256());
    }

    @Test
    void theUsualPatienceCountsWhereThereAreValidationRows() {
        assertThat(quick().setMaxIter(100)
                        .setValidationIndicatorCol("held")
                        .fit(withValidation())
                        .summary()
                        .totalIterations())
                .isLessThan(100);
        assertThat(quick().fit(withValidation()).summary().totalIterations()).isEqualTo(30);
        NeuralNetworkTrainingSummary share = quick().setValidationFraction(0.3)
                .setMetrics("r2")
                .fit(withValidation())
                .summary();
        assertThat(share.validationHistory()).isNotEmpty();
        assertThat(share.metricHistory("r2")).hasSize(share.totalIterations());
        assertThat(share.metrics()).containsKeys("r2", "loss");
        assertThatThrownBy(() -> share.metricHistory("mae")).hasMessageContaining("r2");
        assertThatThrownBy(() -> quick().setValidationFraction(0.3)
                        .setValidationIndicatorCol("held")
                        .fit(withValidation()))
                .hasMessageContaining("not both");
    }

    @Test
    void anIndicatorWorksInsideAPipeline() {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new VectorAssembler().setInputCols(new String[] {"features"}).setOutputCol("again"),
            quick().setFeaturesCol("again").setValidationIndicatorCol("held")
        });
        PipelineModel model = pipeline.fit(withValidation());
        assertThat(((NeuralNetworkRegressionModel) model.stages()[1]).model().weightsSha256())
                .isEqualTo(quick().setValidationIndicatorCol("held")
                        .fit(withValidation())
                        .model()
                        .weightsSha256());
    }

    @Test
    void theSummaryTellsHowItWent() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 90, 1);
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setMaxIter(6)
                .setStepSize(0.01)
                .setSchedule("exponential")
                .fit(rows);
        NeuralNetworkTrainingSummary summary = model.summary();
        assertThat(model.hasSummary()).isTrue();
        assertThat(summary.totalIterations()).isEqualTo(6);
        assertThat(summary.bestEpoch()).isEqualTo(6);
        assertThat(summary.objectiveHistory()).hasSize(6);
        assertThat(summary.objectiveHistory()[5]).isLessThan(summary.objectiveHistory()[0]);
        assertThat(summary.accuracyHistory()[5]).isBetween(0.5, 1.0);
        assertThat(summary.learningRateHistory()[5]).isLessThan(0.01);
        assertThat(summary.validationHistory()).isEmpty();
        assertThat(summary.trainingRows()).isEqualTo(90);
        assertThat(summary.trainingSeconds()).isPositive();
        assertThat(summary.timeShares().compute() + summary.timeShares().update())
                .isBetween(0.0, 1.0);
        assertThat(summary.metrics().get("accuracy")).isEqualTo(summary.accuracyHistory()[5]);
    }

    @Test
    void theToleranceEndsATrainingThatHardlyChanges() {
        Dataset<Row> rows = Frames.values(SPARK.get(), 120, 1);
        NeuralNetworkTrainingSummary summary =
                quick().setHiddenLayers().setMaxIter(200).setTol(0.01).fit(rows).summary();
        double[] losses = summary.objectiveHistory();
        int n = losses.length;
        assertThat(n).isLessThan(200);
        assertThat(Math.abs(losses[n - 1] - losses[n - 2])).isLessThan(0.01 * Math.max(losses[n - 1], losses[n - 2]));
        assertThat(Math.abs(losses[n - 2] - losses[n - 3]))
                .isGreaterThanOrEqualTo(0.01 * Math.max(losses[n - 2], losses[n - 3]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "resident"})
    void theWayOfTheGradientsDoesNotChangeTheModel(String aggregation) {
        Dataset<Row> rows = Frames.values(SPARK.get(), 60, 1);
        assertThat(quick().setMaxIter(2)
                        .setAggregation(aggregation)
                        .fit(rows)
                        .model()
                        .weightsSha256())
                .isEqualTo(quick().setMaxIter(2).fit(rows).model().weightsSha256());
    }

    @Test
    void everySettingOfTheTrainingReachesIt() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setMaxIter(3)
                .setBatchSize(12)
                .setLanes(3)
                .setOptimizer("nesterov:momentum=0.8")
                .setStepSize(0.02)
                .setSchedule("cosine")
                .setL1(0.01)
                .setL2(0.02)
                .setDropout(0.1)
                .setActivation("tanh")
                .setLoss("softmax-cross-entropy:labelSmoothing=0.1")
                .setClassWeights(1, 2, 3)
                .setSeed(5)
                .setStandardize(false)
                .setSettings("{\"clipping\": {\"norm\": 1}, \"averaging\": \"kind=ema\"}")
                .fit(rows);
        assertThat(model.model().provenance().get("config"))
                .contains("\"batchSize\":12", "\"lanes\":3", "\"seed\":5", "\"momentum\":0.8", "\"learningRate\":0.02")
                .contains(
                        "cosine",
                        "\"l1\":0.01",
                        "\"l2\":0.02",
                        "\"norm\":1.0",
                        "ema",
                        "\"classWeights\":[1.0,2.0,3.0]");
        assertThat(model.model().network().toString()).contains("anh").contains("ropout");
        assertThat(model.model().loss().toString()).contains("0.1");
        assertThat(model.model().preprocessing().features()).isNull();
    }

    @Test
    void valuesThatMeanChosenGiveWhatIsChosenWithoutThem() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassifier defaults = new NeuralNetworkClassifier().setMaxIter(2);
        NeuralNetworkClassifier chosen = new NeuralNetworkClassifier()
                .setMaxIter(2)
                .setBatchSize(-1)
                .setStepSize(0)
                .setL2(-1)
                .setValidationFraction(-1);
        NeuralNetworkClassificationModel model = defaults.fit(rows);
        assertThat(model.model().provenance().get("config"))
                .contains("\"batchSize\":16", "\"learningRate\":0.003", "\"l2\":1.5", "\"earlyStopping\":null");
        assertThat(model.getStepSize()).isZero();
        assertThat(chosen.fit(rows).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        assertThat(new NeuralNetworkClassifier()
                        .setHiddenLayers(2)
                        .fit(rows)
                        .summary()
                        .totalIterations())
                .isEqualTo(500);
    }

    @Test
    void balancedClassesAreWeightsOfTheClasses() {
        Dataset<Row> even = Frames.classes(SPARK.get(), 3, 60, 1);
        Dataset<Row> rows = even.union(even.where("label = 0")); // 40, 20, 20
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setHiddenLayers(4).setMaxIter(2);
        String given = classifier
                .copy(ParamMap.empty())
                .setClassWeights(80 / 120.0, 80 / 60.0, 80 / 60.0)
                .fit(rows)
                .model()
                .weightsSha256();
        assertThat(classifier.setBalanceClasses(true).fit(rows).model().weightsSha256())
                .isEqualTo(given);
    }

    @Test
    void aWholeNetworkMayBeGiven() {
        String json = "{\"layers\": [{\"type\": \"dense\", \"outputSize\": 5}, \"batch-norm\", \"relu\","
                + " {\"type\": \"dense\", \"outputSize\": 3}]}";
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setNetwork(json).setMaxIter(2);
        NeuralNetworkClassificationModel model = classifier.fit(Frames.classes(SPARK.get(), 3, 60, 1));
        assertThat(model.model().network().layers()).hasSize(4);
        assertThatThrownBy(() -> classifier.fit(Frames.classes(SPARK.get(), 4, 60, 1)))
                .hasMessageContaining("column 'label': label 3.0 is none of the 3 classes 0 to 2");
        assertThatThrownBy(() -> classifier.setActivation("relu").fit(Frames.classes(SPARK.get(), 3, 60, 1)))
                .hasMessageContaining("both network and activation are set");
        assertThatThrownBy(() -> new NeuralNetworkRegressor().setLoss("hinge").fit(Frames.values(SPARK.get(), 9, 1)))
                .hasMessageContaining("hinge is for classes");
        assertThatThrownBy(
                        () -> new NeuralNetworkClassifier().setLoss("hinge").fit(Frames.classes(SPARK.get(), 3, 60, 1)))
                .hasMessageContaining("cannot tell the 3 classes");
    }

    @Test
    void aTrainingThatDivergesSaysSo() {
        assertThatThrownBy(() -> quick().setOptimizer("sgd").setStepSize(1e30).fit(Frames.values(SPARK.get(), 60, 1)))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("1.0E30");
    }

    @Test
    void anErrorOfTheUsersRowsComesAsItIs() {
        Dataset<Row> rows = Frames.values(SPARK.get(), 60, 1)
                .withColumn(
                        "label",
                        functions
                                .expr("if(label > 0, raise_error('a bad row'), label)")
                                .cast("double"));
        assertThatThrownBy(() -> quick().fit(rows)).hasMessageContaining("a bad row");
    }
}
