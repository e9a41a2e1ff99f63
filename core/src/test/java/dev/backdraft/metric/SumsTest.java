package dev.backdraft.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sums alone: values by hand, edges, and slow but plain formulas. */
class SumsTest {
    @Test
    void equalProbabilitiesRankTheFirstClassFirst() {
        ClassRanks ranks = new ClassRanks(3);
        Matrix even = new Matrix(new float[] {0.25f, 0.5f, 0.25f}, 0, 3, 1);
        ranks.add(even, 0, 0, 1); // second
        ranks.add(even, 0, 2, 2); // third
        ranks.add(even, 0, 1, 5);
        assertThat(ranks.topAccuracy(1)).isEqualTo(5.0 / 8);
        assertThat(ranks.topAccuracy(2)).isEqualTo(6.0 / 8);
        assertThat(ranks.topAccuracy(3)).isEqualTo(1);
        assertThat(ranks.topAccuracy(9)).isEqualTo(1);
    }

    @Test
    void calibrationComparesConfidenceWithTheShareRightInEachBin() {
        Calibration calibration = new Calibration(4);
        calibration.add(0.25, true, 1); // bins are open below and closed above
        calibration.add(0.26, false, 1);
        calibration.add(0.5, true, 2);
        calibration.add(1, true, 4);
        calibration.add(0, false, 0.5);
        assertThat(calibration.weight(0)).isEqualTo(1.5);
        assertThat(calibration.weight(1)).isEqualTo(3);
        assertThat(calibration.weight(2)).isZero();
        assertThat(calibration.weight(3)).isEqualTo(4);
        assertThat(calibration.accuracy(1)).isEqualTo(2.0 / 3);
        assertThat(calibration.confidence(1)).isCloseTo(1.26 / 3, within(1e-15));
        assertThat(calibration.accuracy(2)).isNaN();
        double gaps = 1.5 * Math.abs(1 / 1.5 - 0.25 / 1.5) + 3 * Math.abs(2.0 / 3 - 1.26 / 3) + 0;
        assertThat(calibration.expectedError()).isCloseTo(gaps / 8.5, within(1e-15));
    }

    @Test
    void confidenceOfAYesOrNoAnswerIsThatOfTheOneGiven() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.CALIBRATION_ERROR), PredictionKind.QUESTIONS, 1);
        Matrix prediction = new Matrix(new float[] {0.25f, 0.25f, 0.75f, 0.75f}, 0, 1, 4);
        sums.add(prediction, new Matrix(new float[] {0, 0, 1, 0}, 0, 1, 4), null);
        assertThat(sums.value(StandardMetric.CALIBRATION_ERROR)).isZero(); // 3 of 4 right at 0.75
    }

    @Test
    void theAreaIsTheShareOfPairsInOrder() {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        for (int round = 0; round < 20; round++) {
            int rows = 1 + random.nextInt(40);
            float[] score = new float[rows];
            float[] weight = new float[rows];
            boolean[] yes = new boolean[rows];
            BinaryScores scores = new BinaryScores();
            for (int n = 0; n < rows; n++) {
                score[n] = (random.nextInt(9) - 4) / 2f; // negative ones, and many equal
                weight[n] = (float) (3 * random.nextDouble());
                yes[n] = random.nextInt(2) == 1;
                scores.add(score[n] == 0 && n % 2 == 0 ? -0f : score[n], yes[n], weight[n]);
            }
            double ordered = 0;
            double pairs = 0;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < rows; j++) {
                    if (yes[i] && !yes[j]) {
                        double w = (double) weight[i] * weight[j];
                        pairs += w;
                        ordered += score[i] > score[j] ? w : score[i] == score[j] ? w / 2 : 0;
                    }
                }
            }
            double area = scores.rocAuc();
            if (pairs == 0) {
                assertThat(area).isNaN();
            } else {
                assertThat(area).isCloseTo(ordered / pairs, within(1e-12));
                RocCurve curve = scores.roc();
                double trapezoids = 0;
                for (int i = 1; i < curve.threshold().length; i++) {
                    assertThat(curve.threshold()[i]).isLessThan(curve.threshold()[i - 1]);
                    double step = curve.falsePositiveRate()[i] - curve.falsePositiveRate()[i - 1];
                    trapezoids += step * (curve.truePositiveRate()[i] + curve.truePositiveRate()[i - 1]) / 2;
                    ClassCounts counts = scores.countsAt(curve.threshold()[i]);
                    assertThat(counts.recall(1)).isCloseTo(curve.truePositiveRate()[i], within(1e-12));
                    assertThat(counts.recall(0)).isCloseTo(1 - curve.falsePositiveRate()[i], within(1e-12));
                }
                assertThat(trapezoids).isCloseTo(area, within(1e-12));
            }
        }
    }

    @Test
    void aScoreThatIsNoNumberMakesRankingsNone() {
        BinaryScores scores = new BinaryScores();
        scores.add(0.5f, true, 1);
        scores.add(Float.NaN, false, 1);
        scores.add(Float.NEGATIVE_INFINITY, false, 1);
        assertThat(scores.rocAuc()).isNaN();
        assertThat(scores.averagePrecision()).isNaN();
        AbsoluteErrors errors = new AbsoluteErrors();
        errors.add(1, 0, 1);
        errors.add(Double.NaN, 0, 1);
        assertThat(errors.median()).isNaN();
    }

    @Test
    void classesThatDoNotOccurAreLeftOutOfTheMeanArea() {
        MetricSums sums = new MetricSums(List.of(StandardMetric.ROC_AUC), PredictionKind.CLASSES, 3);
        Matrix prediction = new Matrix(new float[] {0.7f, 0.2f, 0.1f, 0.6f, 0.3f, 0.1f}, 0, 3, 2);
        sums.add(prediction, new Matrix(new float[] {0, 1}, 0, 1, 2), null);
        assertThat(sums.value(StandardMetric.ROC_AUC)).isEqualTo(1);
        assertThat(sums.scores(2).rocAuc()).isNaN();
    }

    @Test
    void distributionsAsTargetsCountForTheirLargestClassAndAllTheirShares() {
        MetricSums sums = new MetricSums(
                List.of(StandardMetric.ACCURACY, StandardMetric.LOG_LOSS, StandardMetric.BRIER),
                PredictionKind.CLASSES,
                2);
        Matrix prediction = new Matrix(new float[] {0.75f, 0.25f}, 0, 2, 1);
        sums.add(prediction, new Matrix(new float[] {0.5f, 0.5f}, 0, 2, 1), null);
        assertThat(sums.value(StandardMetric.ACCURACY)).isEqualTo(1);
        assertThat(sums.value(StandardMetric.LOG_LOSS))
                .isCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 2, within(1e-12));
        assertThat(sums.value(StandardMetric.BRIER)).isEqualTo(2 * 0.0625);
    }

    @Test
    void anAnswerAndItsTwoClassesWrittenOutAgree() {
        float[] yes = {0.9f, 0.2f, 0.6f, 0.5f, 0.1f};
        Matrix target = new Matrix(new float[] {1, 0, 0, 1, 1}, 0, 1, 5);
        Matrix both = Matrix.zeros(2, 5);
        for (int n = 0; n < 5; n++) {
            both.set(0, n, 1 - yes[n]);
            both.set(1, n, yes[n]);
        }
        List<Metric> metrics = Metrics.all().stream()
                .filter(metric -> metric.suits(PredictionKind.CLASSES) && metric.suits(PredictionKind.QUESTIONS))
                .filter(metric -> metric != StandardMetric.LOSS)
                .toList();
        MetricSums asAnswers = new MetricSums(metrics, PredictionKind.QUESTIONS, 1);
        MetricSums asClasses = new MetricSums(metrics, PredictionKind.CLASSES, 2);
        asAnswers.add(new Matrix(yes, 0, 1, 5), target, null);
        asClasses.add(both, target, null);
        for (Metric metric : metrics) {
            double factor = metric == StandardMetric.BRIER ? 2 : 1;
            if (metric != StandardMetric.AVERAGE_PRECISION) {
                assertThat(factor * asAnswers.value(metric))
                        .as(metric.label())
                        .isCloseTo(asClasses.value(metric), within(1e-6));
            }
        }
    }

    @Test
    void minusOneIsNo() {
        List<Metric> metrics = List.of(StandardMetric.ACCURACY, StandardMetric.LOG_LOSS, StandardMetric.BRIER);
        MetricSums signs = new MetricSums(metrics, PredictionKind.QUESTIONS, 1);
        MetricSums indices = new MetricSums(metrics, PredictionKind.QUESTIONS, 1);
        Matrix prediction = new Matrix(new float[] {0.75f, 0.25f}, 0, 1, 2);
        signs.add(prediction, new Matrix(new float[] {1, -1}, 0, 1, 2), null);
        indices.add(prediction, new Matrix(new float[] {1, 0}, 0, 1, 2), null);
        metrics.forEach(metric -> assertThat(signs.value(metric)).isEqualTo(indices.value(metric)));
    }

    @Test
    void aCertainMistakeCostsAHundred() {
        ProbabilityErrors errors = new ProbabilityErrors();
        errors.add(0, 1, 1);
        errors.add(1, 0, 1);
        assertThat(errors.logLoss()).isEqualTo(100);
        assertThat(errors.brier()).isEqualTo(1);
        errors.add(1, 1, 1);
        errors.add(0, 0, 1);
        assertThat(errors.logLoss()).isEqualTo(50);
    }

    @Test
    void valuesFarFromZeroLoseNothingWhenMerged() {
        ValueErrors near = new ValueErrors(1);
        ValueErrors far = new ValueErrors(1);
        double offset = 1L << 27; // its ulp is 3e-8
        for (int part = 0; part < 8; part++) {
            ValueErrors some = new ValueErrors(1);
            for (int n = 0; n < 5; n++) {
                double t = (part * 5 + n) * 0.25;
                double p = t + (n - 1.75) / 4;
                near.add(p, t, 1 + n);
                some.add(offset + p, offset + t, 1 + n);
            }
            far.add(some);
        }
        assertThat(far.r2()).isCloseTo(near.r2(), within(1e-7));
        assertThat(far.explainedVariance()).isCloseTo(near.explainedVariance(), within(1e-7));
        assertThat(far.meanBiasError()).isCloseTo(near.meanBiasError(), within(1e-7));
    }

    @Test
    void theMedianIsTheMiddleOne() {
        AbsoluteErrors errors = new AbsoluteErrors();
        errors.add(3, 0, 1);
        assertThat(errors.median()).isEqualTo(3);
        errors.add(-1, 0, 1);
        assertThat(errors.median()).isEqualTo(2);
        errors.add(0, 8, 1);
        assertThat(errors.median()).isEqualTo(3);
        errors.add(0, 8, 5);
        assertThat(errors.median()).isEqualTo(8);
    }

    @Test
    void averagesWeighClassesEquallyOrByTheirRows() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.add(0, 0, 6);
        matrix.add(0, 1, 2);
        matrix.add(1, 1, 2);
        ClassCounts counts = matrix.counts();
        assertThat(counts.recall(Average.MACRO)).isEqualTo((0.75 + 1) / 2);
        assertThat(counts.recall(Average.WEIGHTED)).isEqualTo(0.8);
        assertThat(counts.recall(Average.MICRO)).isEqualTo(0.8);
        assertThat(counts.precision(Average.MACRO)).isEqualTo((1 + 0.5) / 2);
        assertThat(counts.precision(Average.WEIGHTED)).isCloseTo(0.9, within(1e-15));
        ConfusionMatrix twice = new ConfusionMatrix(2);
        twice.add(matrix);
        twice.add(matrix);
        assertThat(twice.weight(0, 1)).isEqualTo(4);
        assertThat(twice.counts().accuracy()).isEqualTo(0.8);
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClassCounts(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Calibration(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ValueErrors(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TopAccuracy(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClassCounts(2).add(new ClassCounts(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(2).add(new ConfusionMatrix(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClassRanks(2).add(new ClassRanks(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Calibration(2).add(new Calibration(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ValueErrors(2).add(new ValueErrors(3)));
        assertThatIllegalStateException().isThrownBy(() -> new ValueErrors(2).add(1, 1, 1));
    }
}
