package dev.backdraft.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SquaredError;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of metrics, what they suit and compare, and metrics of one's own. */
class MetricsTest {
    @Test
    void namesAreThoseOfTheCommandLine() {
        assertThat(Metrics.all())
                .extracting(Metric::label)
                .containsExactly(
                        "loss",
                        "accuracy",
                        "top-5-accuracy",
                        "balanced-accuracy",
                        "precision-macro",
                        "precision-micro",
                        "precision-weighted",
                        "recall-macro",
                        "recall-micro",
                        "recall-weighted",
                        "f1-macro",
                        "f1-micro",
                        "f1-weighted",
                        "matthews",
                        "cohen-kappa",
                        "roc-auc",
                        "average-precision",
                        "log-loss",
                        "brier",
                        "calibration-error",
                        "mse",
                        "rmse",
                        "mae",
                        "mean-bias-error",
                        "max-error",
                        "r2",
                        "explained-variance",
                        "median-absolute-error",
                        "poisson-deviance",
                        "gamma-deviance",
                        "tweedie-deviance",
                        "pinball-loss",
                        "coverage-error",
                        "false-positives"); // one's own
        for (Metric metric : Metrics.all()) {
            assertThat(Metrics.named(metric.label())).isEqualTo(metric);
        }
        assertThat(Metrics.named("top-3-accuracy")).isEqualTo(new TopAccuracy(3));
    }

    @ParameterizedTest
    @CsvSource({
        "precision, precision-macro",
        "'', ''",
        "auc, ''",
        "top-0-accuracy, top-5-accuracy",
        "top-k-accuracy, top-5-accuracy",
        "Accuracy, accuracy",
        "accurracy, accuracy",
        "f1_macro, f1-macro"
    })
    void anUnknownNameIsRefusedWithThoseThatExistAndTheOneThatIsLikeIt(String name, String like) {
        String meant = like.isEmpty() ? "" : " (did you mean '" + like + "'?)";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.named(name))
                .withMessageStartingWith(
                        "unknown metric '" + name + "'" + meant + ": use loss, accuracy, top-5-accuracy, ");
    }

    @ParameterizedTest
    @CsvSource({
        "loss, false, true, true, true",
        "accuracy, true, false, true, true",
        "top-5-accuracy, true, false, false, true",
        "roc-auc, true, false, true, true",
        "log-loss, false, false, true, true",
        "calibration-error, false, false, true, true",
        "mse, false, true, false, false",
        "r2, true, true, false, false"
    })
    void aMetricSaysWhichWayIsBetterAndWhatItIsFor(
            String name, boolean larger, boolean values, boolean questions, boolean classes) {
        Metric metric = Metrics.named(name);
        assertThat(metric.largerIsBetter()).isEqualTo(larger);
        assertThat(metric.suits(PredictionKind.VALUES)).isEqualTo(values);
        assertThat(metric.suits(PredictionKind.QUESTIONS)).isEqualTo(questions);
        assertThat(metric.suits(PredictionKind.CLASSES)).isEqualTo(classes);
    }

    @Test
    void anImprovementIsLargerThanTheChangeThatCounts() {
        assertThat(StandardMetric.ACCURACY.improves(0.9, 0.8, 0)).isTrue();
        assertThat(StandardMetric.ACCURACY.improves(0.8, 0.8, 0)).isFalse();
        assertThat(StandardMetric.ACCURACY.improves(0.9, 0.8, 0.2)).isFalse();
        assertThat(StandardMetric.LOSS.improves(0.8, 0.9, 0)).isTrue();
        assertThat(StandardMetric.LOSS.improves(0.9, 0.9, 0)).isFalse();
        assertThat(StandardMetric.LOSS.improves(0.8, 0.9, 0.2)).isFalse();
        assertThat(StandardMetric.LOSS.improves(Double.NaN, 0.9, 0)).isFalse();
        assertThat(StandardMetric.LOSS.improves(0.9, Double.NaN, 0)).isTrue();
        assertThat(StandardMetric.LOSS.improves(Double.NaN, Double.NaN, 0)).isFalse();
    }

    @Test
    void aMetricThatDoesNotSuitThePredictionsIsRefused() {
        assertRefused("accuracy", PredictionKind.VALUES, "accuracy is not for a regression");
        assertRefused("mse", PredictionKind.CLASSES, "mse is not for classes");
        assertRefused("pinball-loss", PredictionKind.VALUES, "pinball-loss is not for a regression");
        assertRefused("accuracy", PredictionKind.QUANTILES, "accuracy is not for quantiles");
        assertRefused("gamma-deviance", PredictionKind.QUANTILES, "gamma-deviance is not for quantiles");
        assertRefused("mae", PredictionKind.QUANTILES, "quantiles need the loss, which knows their levels");
        assertRefused("top-5-accuracy", PredictionKind.QUESTIONS, "top-5-accuracy is not for yes-or-no outputs");
    }

    private static void assertRefused(String name, PredictionKind kind, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricSums(List.of(Metrics.named(name)), kind, 3))
                .withMessage(message);
    }

    @Test
    void onlyWhatWasAskedForIsThere() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.ACCURACY), PredictionKind.CLASSES, 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> sums.value(StandardMetric.LOG_LOSS))
                .withMessage("no metric that collects PROBABILITIES was asked for");
        assertThatIllegalStateException().isThrownBy(() -> sums.value(StandardMetric.ROC_AUC));
        assertThatIllegalStateException().isThrownBy(() -> sums.scores(0));
        assertThatIllegalStateException().isThrownBy(sums::medianAbsoluteError);
    }

    @Test
    void theLossIsTheObjectiveOfTheMeanLossOfTheRows() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.LOSS), new RootSquaredError(), 1);
        Matrix z = new Matrix(new float[] {3, 1}, 0, 1, 2);
        Matrix t = new Matrix(new float[] {0, 2}, 0, 1, 2);
        sums.add(z, t, null, null, new float[] {1, 3});
        assertThat(sums.value(StandardMetric.LOSS)).isEqualTo(Math.sqrt((9 + 3) / 4.0));
        assertThat(sums.loss()).isEqualTo(sums.value(StandardMetric.LOSS));
        assertThat(z.values()).as("read only").containsExactly(3, 1);
    }

    @Test
    void theLossIsNotOfPredictionsAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricSums(List.of(StandardMetric.LOSS), PredictionKind.VALUES, 1))
                .withMessage("the loss needs the network's raw outputs, not only predictions");
        Matrix one = Matrix.zeros(1, 1);
        MetricSums sums = new MetricSums(List.of(), new SquaredError(), 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> sums.add(one, one, null))
                .withMessage("sums of a loss need the network's raw outputs, too");
        MetricSums predictions = new MetricSums(List.of(StandardMetric.MAE), PredictionKind.VALUES, 1);
        assertThatIllegalStateException().isThrownBy(() -> predictions.add(one, one, one, one, null));
        assertThatIllegalStateException()
                .isThrownBy(() -> predictions.value(StandardMetric.LOSS))
                .withMessage("no metric that collects LOSS was asked for");
        assertThatIllegalArgumentException().isThrownBy(() -> predictions.add(sums));
    }

    @Test
    void metricsBesideTheLossAreOfThePredictions() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.MAE), new SquaredError(), 1);
        Matrix scaled = new Matrix(new float[] {0.5f}, 0, 1, 1);
        Matrix target = new Matrix(new float[] {1}, 0, 1, 1);
        Matrix prediction = new Matrix(new float[] {50}, 0, 1, 1);
        Matrix label = new Matrix(new float[] {100}, 0, 1, 1);
        assertThat(sums.needsPredictions()).isTrue();
        sums.add(scaled, target, prediction, label, null);
        assertThat(sums.loss()).isEqualTo(0.25);
        assertThat(sums.value(StandardMetric.MAE)).isEqualTo(50);
    }

    @Test
    void sumsForOthersAreNotAdded() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.ACCURACY), PredictionKind.CLASSES, 3);
        for (MetricSums other : List.of(
                new MetricSums(List.of(StandardMetric.LOG_LOSS), PredictionKind.CLASSES, 3),
                new MetricSums(List.of(StandardMetric.ACCURACY), PredictionKind.CLASSES, 4),
                new MetricSums(List.of(StandardMetric.ACCURACY), PredictionKind.QUESTIONS, 3))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sums.add(other))
                    .withMessage("sums for other metrics or another network cannot be added");
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.ACCURACY), PredictionKind.CLASSES, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sums.add(Matrix.zeros(3, 2), Matrix.zeros(2, 2), null))
                .withMessage("predictions [3 x 2] and targets [2 x 2] do not fit 3 outputs");
        assertThatIllegalArgumentException().isThrownBy(() -> sums.add(Matrix.zeros(3, 2), Matrix.zeros(1, 1), null));
        for (float label : new float[] {-1, 3, 0.5f, Float.NaN}) {
            Matrix target = new Matrix(new float[] {label}, 0, 1, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sums.add(Matrix.zeros(3, 1), target, null))
                    .withMessage("class " + label + ": 3 outputs are classes 0 to 2");
        }
    }

    @Test
    void aMetricOfOnesOwnIsAFunctionOfTheSums() {
        MetricSums sums = new MetricSums(List.of(Metrics.named("false-positives")), PredictionKind.QUESTIONS, 1);
        Matrix prediction = new Matrix(new float[] {0.9f, 0.8f, 0.2f}, 0, 1, 3);
        sums.add(prediction, new Matrix(new float[] {1, 0, 0}, 0, 1, 3), new float[] {1, 2.5f, 1});
        assertThat(sums.value(Metrics.named("false-positives"))).isEqualTo(2.5 / 4.5);
    }

    /** A metric of one's own: the share of rows that are wrongly said to be yes. */
    public static final class FalsePositives implements Metric {
        private static final long serialVersionUID = 1;

        @Override
        public String label() {
            return "false-positives";
        }

        @Override
        public boolean largerIsBetter() {
            return false;
        }

        @Override
        public boolean suits(PredictionKind kind) {
            return kind == PredictionKind.QUESTIONS;
        }

        @Override
        public Set<Collected> collects() {
            return Set.of(Collected.COUNTS);
        }

        @Override
        public double value(MetricSums sums) {
            ClassCounts counts = sums.counts();
            return counts.support(0) * (1 - counts.recall(0)) / counts.weight();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FalsePositives;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
