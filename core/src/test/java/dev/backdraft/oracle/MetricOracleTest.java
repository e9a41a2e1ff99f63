package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.metric.AbsoluteErrors;
import dev.backdraft.metric.Average;
import dev.backdraft.metric.BinaryScores;
import dev.backdraft.metric.ClassCounts;
import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.metric.ProbabilityErrors;
import dev.backdraft.metric.RocCurve;
import dev.backdraft.metric.StandardMetric;
import dev.backdraft.metric.TopAccuracy;
import dev.backdraft.metric.ValueErrors;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of the metrics, which come from scikit-learn. Sums are in double, but scores and probabilities are rounded to float32. */
class MetricOracleTest {
    private static final double DOUBLE = 1e-10;
    private static final double ROUNDED_SCORES = 2e-6;

    @TestFactory
    Stream<DynamicTest> scoresOfClassesAreThoseOfScikitLearn() {
        return Oracle.cases("metrics.json", "classification", one -> true, (file, one) -> checkClasses(one));
    }

    @TestFactory
    Stream<DynamicTest> rankingsAreThoseOfScikitLearn() {
        return Oracle.cases("metrics.json", "binary_scores", one -> true, (file, one) -> checkScores(one));
    }

    @TestFactory
    Stream<DynamicTest> probabilitiesOfClassesAreJudgedAsByScikitLearn() {
        return Oracle.cases(
                "metrics.json", "multiclass_probabilities", one -> true, (file, one) -> checkProbabilities(one));
    }

    @TestFactory
    Stream<DynamicTest> errorsOfValuesAreThoseOfScikitLearn() {
        return Oracle.cases("metrics.json", "regression", one -> true, (file, one) -> checkValues(one));
    }

    private static void checkClasses(JsonNode one) {
        int classes = one.get("classes").asInt();
        double[] actual = numbers(one.get("true"));
        double[] predicted = numbers(one.get("predicted"));
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        Matrix probabilities = Matrix.zeros(classes, actual.length);
        for (int n = 0; n < actual.length; n++) {
            matrix.add((int) actual[n], (int) predicted[n], 1);
            probabilities.set((int) predicted[n], n, 1);
        }
        double[] confusion = numbers(one.get("confusion"));
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                assertThat(matrix.weight(i, j)).isEqualTo(confusion[i * classes + j]);
            }
        }
        checkCounts(one, matrix.counts());

        MetricSums sums = new MetricSums(
                ofPredictions()
                        .filter(metric -> metric.suits(PredictionKind.CLASSES))
                        .toList(),
                PredictionKind.CLASSES,
                classes);
        sums.add(probabilities, new Matrix(Oracle.floats(one.get("true")), 0, 1, actual.length), null);
        checkCounts(one, sums.counts());
        assertClose("top 1", sums.value(new TopAccuracy(1)), one.get("accuracy"), DOUBLE);
        Map<String, StandardMetric> metrics = Map.of(
                "balanced_accuracy", StandardMetric.BALANCED_ACCURACY,
                "matthews", StandardMetric.MATTHEWS,
                "cohen_kappa", StandardMetric.COHEN_KAPPA,
                "accuracy", StandardMetric.ACCURACY);
        metrics.forEach((name, metric) -> assertClose(name, sums.value(metric), one.get(name), DOUBLE));
        for (String average : new String[] {"macro", "micro", "weighted"}) {
            for (String score : new String[] {"precision", "recall", "f1"}) {
                double value = sums.value(Metrics.named(score + "-" + average));
                assertClose(average + " " + score, value, one.get(average).get(score), DOUBLE);
            }
        }
    }

    private static void checkCounts(JsonNode one, ClassCounts counts) {
        assertClose("accuracy", counts.accuracy(), one.get("accuracy"), DOUBLE);
        for (int k = 0; k < counts.classes(); k++) {
            assertClose("precision", counts.precision(k), one.get("precision").get(k), DOUBLE);
            assertClose("recall", counts.recall(k), one.get("recall").get(k), DOUBLE);
            assertClose("f1", counts.f1(k), one.get("f1").get(k), DOUBLE);
            assertClose("support", counts.support(k), one.get("support").get(k), DOUBLE);
        }
        for (Average average : Average.values()) {
            JsonNode expected = one.get(average.name().toLowerCase(Locale.ROOT));
            assertClose("precision", counts.precision(average), expected.get("precision"), DOUBLE);
            assertClose("recall", counts.recall(average), expected.get("recall"), DOUBLE);
            assertClose("f1", counts.f1(average), expected.get("f1"), DOUBLE);
        }
        assertClose("balanced", counts.balancedAccuracy(), one.get("balanced_accuracy"), DOUBLE);
        assertClose("matthews", counts.matthews(), one.get("matthews"), DOUBLE);
        assertClose("kappa", counts.cohenKappa(), one.get("cohen_kappa"), DOUBLE);
    }

    private static void checkScores(JsonNode one) {
        double[] actual = numbers(one.get("true"));
        float[] score = Oracle.floats(one.get("score"));
        BinaryScores scores = new BinaryScores();
        ProbabilityErrors errors = new ProbabilityErrors();
        for (int n = 0; n < score.length; n++) {
            scores.add(score[n], actual[n] == 1, 1);
            errors.add(score[n], actual[n], 1);
        }
        if (one.get("roc_auc").isTextual()) {
            assertThat(scores.rocAuc()).isNaN(); // undefined
        } else {
            assertClose("AUC", scores.rocAuc(), one.get("roc_auc"), DOUBLE);
            assertClose("average precision", scores.averagePrecision(), one.get("average_precision"), DOUBLE);
            RocCurve curve = scores.roc();
            assertClose("fpr", curve.falsePositiveRate(), numbers(one.get("roc").get("fpr")));
            assertClose("tpr", curve.truePositiveRate(), numbers(one.get("roc").get("tpr")));
        }
        MetricSums sums = new MetricSums(
                ofPredictions()
                        .filter(metric -> metric.suits(PredictionKind.QUESTIONS))
                        .toList(),
                PredictionKind.QUESTIONS,
                1);
        sums.add(
                new Matrix(score, 0, 1, score.length),
                new Matrix(Oracle.floats(one.get("true")), 0, 1, score.length),
                null);
        assertThat(sums.value(StandardMetric.ROC_AUC)).isEqualTo(Double.valueOf(scores.rocAuc())); // NaN equals NaN
        assertThat(sums.value(StandardMetric.AVERAGE_PRECISION)).isEqualTo(Double.valueOf(scores.averagePrecision()));
        if (one.has("log_loss")) {
            assertClose("log-loss", errors.logLoss(), one.get("log_loss"), ROUNDED_SCORES);
            assertClose("log-loss", sums.value(StandardMetric.LOG_LOSS), one.get("log_loss"), ROUNDED_SCORES);
            assertClose("Brier", errors.brier(), one.get("brier"), ROUNDED_SCORES);
            assertClose("Brier", sums.value(StandardMetric.BRIER), one.get("brier"), ROUNDED_SCORES);
        }
        if (one.has("threshold_0.5_(>=)")) {
            JsonNode expected = one.get("threshold_0.5_(>=)");
            ClassCounts counts = scores.countsAt(0.5);
            assertClose("accuracy", counts.accuracy(), expected.get("accuracy"), DOUBLE);
            assertClose("precision", counts.precision(1), expected.get("precision"), DOUBLE);
            assertClose("recall", counts.recall(1), expected.get("recall"), DOUBLE);
            assertClose("f1", counts.f1(1), expected.get("f1"), DOUBLE);
            assertClose("specificity", counts.recall(0), expected.get("specificity"), DOUBLE);
        }
    }

    private static void checkProbabilities(JsonNode one) {
        Matrix probability = Oracle.batch(one.get("probability"));
        Matrix target = new Matrix(Oracle.floats(one.get("true")), 0, 1, probability.columns());
        MetricSums sums = new MetricSums(
                ofPredictions()
                        .filter(metric -> metric.suits(PredictionKind.CLASSES))
                        .toList(),
                PredictionKind.CLASSES,
                probability.rows());
        sums.add(probability, target, null);
        if (one.has("rule")) {
            assertThat(sums.value(StandardMetric.LOG_LOSS)).isBetween(5.0, 1000.0);
            return;
        }
        assertClose("log-loss", sums.value(StandardMetric.LOG_LOSS), one.get("log_loss"), ROUNDED_SCORES);
        assertClose("accuracy", sums.value(StandardMetric.ACCURACY), one.get("accuracy"), DOUBLE);
        assertClose("top 2", sums.value(new TopAccuracy(2)), one.get("top2_accuracy"), DOUBLE);
        assertClose("AUC", sums.value(StandardMetric.ROC_AUC), one.get("auc_one_vs_rest_macro"), DOUBLE);
    }

    private static void checkValues(JsonNode one) {
        int rows = one.get("true").size();
        int columns = one.get("true").get(0).size();
        double[] actual = numbers(one.get("true"));
        double[] predicted = numbers(one.get("predicted"));
        double tolerance = one.get("name").asText().startsWith("large offset") ? 1e-6 : DOUBLE;
        double r2 = 0;
        double roots = 0;
        double medians = 0;
        double squares = 0;
        double absolutes = 0;
        double bias = 0;
        double largest = 0;
        double explained = 0;
        for (int k = 0; k < columns; k++) { // in double, as the values are: a matrix would round them
            ValueErrors errors = new ValueErrors(1);
            AbsoluteErrors median = new AbsoluteErrors();
            for (int n = 0; n < rows; n++) {
                errors.add(predicted[n * columns + k], actual[n * columns + k], 1);
                median.add(predicted[n * columns + k], actual[n * columns + k], 1);
            }
            assertClose("R2 of " + k, errors.r2(), one.get("r2_columns").get(k), tolerance);
            r2 += errors.r2() / columns;
            roots += errors.rootMeanSquaredError() / columns;
            medians += median.median() / columns;
            squares += errors.meanSquaredError() / columns;
            absolutes += errors.meanAbsoluteError() / columns;
            bias += errors.meanBiasError() / columns;
            explained += errors.explainedVariance() / columns;
            largest = Math.max(largest, errors.maxError());
        }
        assertClose("MSE", squares, one.get("mse"), tolerance);
        assertClose("RMSE", Math.sqrt(squares), one.get("rmse_of_all"), tolerance);
        assertClose("mean RMSE", roots, one.get("rmse_mean_of_columns"), tolerance);
        assertClose("MAE", absolutes, one.get("mae"), tolerance);
        assertClose("bias", bias, one.get("mean_bias_error"), tolerance);
        assertClose("R2", r2, one.get("r2_uniform_average"), tolerance);
        assertClose("explained variance", explained, one.get("explained_variance"), tolerance);
        assertClose("max error", largest, one.get("max_error"), tolerance);
        assertClose("median", medians, one.get("median_absolute_error"), ROUNDED_SCORES);
        if (Math.abs(actual[0]) < 1e6) {
            checkRoundedValues(one);
        }
    }

    /** The same from matrices, whose entries are rounded: all columns at once, in three unequal parts. */
    private static void checkRoundedValues(JsonNode one) {
        Matrix predicted = Oracle.batch(one.get("predicted"));
        Matrix actual = Oracle.batch(one.get("true"));
        MetricSums sums = null;
        for (int[] cut : new int[][] {{0, 1}, {1, 2}, {2, actual.columns()}}) {
            MetricSums part = new MetricSums(
                    ofPredictions()
                            .filter(metric -> metric.suits(PredictionKind.VALUES))
                            .toList(),
                    PredictionKind.VALUES,
                    actual.rows());
            part.add(columns(predicted, cut[0], cut[1]), columns(actual, cut[0], cut[1]), null);
            if (sums == null) {
                sums = part;
            } else {
                sums.add(part);
            }
        }
        assertClose("MSE", sums.value(StandardMetric.MSE), one.get("mse"), ROUNDED_SCORES);
        assertClose("RMSE", sums.value(StandardMetric.RMSE), one.get("rmse_of_all"), ROUNDED_SCORES);
        assertClose("MAE", sums.value(StandardMetric.MAE), one.get("mae"), ROUNDED_SCORES);
        assertClose("bias", sums.values().meanBiasError(), one.get("mean_bias_error"), ROUNDED_SCORES);
        assertClose("R2", sums.value(StandardMetric.R2), one.get("r2_uniform_average"), ROUNDED_SCORES);
        double explained = sums.value(StandardMetric.EXPLAINED_VARIANCE);
        assertClose("explained variance", explained, one.get("explained_variance"), ROUNDED_SCORES);
        assertClose("max error", sums.value(StandardMetric.MAX_ERROR), one.get("max_error"), ROUNDED_SCORES);
        double median = sums.value(StandardMetric.MEDIAN_ABSOLUTE_ERROR);
        assertClose("median", median, one.get("median_absolute_error"), ROUNDED_SCORES);
    }

    private static Matrix columns(Matrix all, int from, int to) {
        return new Matrix(all.values(), from * all.rows(), all.rows(), to - from);
    }

    private static void assertClose(String what, double[] actual, double[] expected) {
        assertThat(actual).as(what).containsExactly(expected, within(DOUBLE));
    }

    private static void assertClose(String what, double actual, JsonNode expected, double relative) {
        double number = numbers(expected)[0];
        if (Double.isNaN(number)) {
            assertThat(actual).as(what).isNaN();
        } else {
            double absolute = relative == DOUBLE ? 1e-12 : 1e-6;
            assertThat(actual).as(what).isCloseTo(number, within(absolute + relative * Math.abs(number)));
        }
    }

    /** All metrics but the loss, which needs more than predictions. */
    private static Stream<Metric> ofPredictions() {
        return Metrics.all().stream().filter(metric -> metric != StandardMetric.LOSS);
    }
}
