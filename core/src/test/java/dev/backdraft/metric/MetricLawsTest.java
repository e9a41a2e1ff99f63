package dev.backdraft.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.BinaryCrossEntropy;
import dev.backdraft.loss.CrossEntropy;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.RootSquaredError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every metric, whatever it measures: it does not matter how rows are spread, ordered or repeated. */
class MetricLawsTest {
    private static final int ROWS = 60;

    /** A metric of predictions of a kind. */
    record Case(Metric metric, PredictionKind kind, int outputs) {
        MetricSums sums() {
            return metric == StandardMetric.LOSS
                    ? new MetricSums(List.of(metric), loss(), outputs)
                    : new MetricSums(List.of(metric), kind, outputs);
        }

        private Loss loss() {
            return switch (kind) {
                case VALUES -> new RootSquaredError();
                case QUESTIONS -> new BinaryCrossEntropy();
                case CLASSES, QUANTILES -> new CrossEntropy();
            };
        }

        @Override
        public String toString() {
            return metric.label() + " of " + outputs + " " + kind;
        }
    }

    /** Rows with their predictions, many of them equal. */
    record Rows(Matrix prediction, Matrix target, float[] weights) {
        static Rows of(Case one, int count) {
            SplitMix random = SplitMix.at(7, one.outputs(), 0, 0);
            boolean classes = one.kind() == PredictionKind.CLASSES;
            Matrix prediction = Matrix.zeros(one.outputs(), count);
            Matrix target = Matrix.zeros(classes ? 1 : one.outputs(), count);
            float[] weights = new float[count];
            for (int n = 0; n < count; n++) {
                float total = 0;
                for (int k = 0; k < one.outputs(); k++) {
                    prediction.set(k, n, (1 + random.nextInt(9)) / 10f);
                    total += prediction.get(k, n);
                }
                for (int k = 0; classes && k < one.outputs(); k++) {
                    prediction.set(k, n, prediction.get(k, n) / total);
                }
                for (int k = 0; k < target.rows(); k++) {
                    boolean values = one.kind() == PredictionKind.VALUES;
                    target.set(
                            k, n, values ? (1 + random.nextInt(20)) / 8f : random.nextInt(classes ? one.outputs() : 2));
                }
                weights[n] = random.nextInt(4);
            }
            return new Rows(prediction, target, weights);
        }

        /** The rows of these indices, with their weights or without. */
        Rows select(boolean weighted, int... indices) {
            Matrix p = Matrix.zeros(prediction.rows(), indices.length);
            Matrix t = Matrix.zeros(target.rows(), indices.length);
            float[] w = new float[indices.length];
            for (int j = 0; j < indices.length; j++) {
                System.arraycopy(prediction.values(), indices[j] * p.rows(), p.values(), j * p.rows(), p.rows());
                System.arraycopy(target.values(), indices[j] * t.rows(), t.values(), j * t.rows(), t.rows());
                w[j] = weights[indices[j]];
            }
            return new Rows(p, t, weighted ? w : null);
        }

        void addTo(MetricSums sums) {
            if (sums.isOfLoss()) {
                sums.add(prediction, target, null, null, weights);
            } else {
                sums.add(prediction, target, weights);
            }
        }
    }

    static Stream<Case> everyMetric() {
        return Metrics.all().stream().flatMap(metric -> Stream.of(PredictionKind.values())
                .filter(kind -> metric.suits(kind) && kind != PredictionKind.QUANTILES) // which the loss makes
                .flatMap(kind -> IntStream.of(1, 2, 4)
                        .filter(outputs -> kind != PredictionKind.CLASSES || outputs > 1)
                        .mapToObj(outputs -> new Case(metric, kind, outputs))));
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void partsMergeToTheWhole(Case one) {
        Rows rows = Rows.of(one, ROWS);
        double whole = value(one, rows);
        SplitMix random = SplitMix.at(8, 0, 0, 0);
        for (int round = 0; round < 20; round++) {
            MetricSums merged = one.sums();
            for (int from = 0; from < ROWS; ) {
                int to = Math.min(ROWS, from + random.nextInt(25)); // empty parts too
                MetricSums part = one.sums();
                rows.select(true, IntStream.range(from, to).toArray()).addTo(part);
                merged.add(part);
                from = to;
            }
            assertClose(merged.value(one.metric()), whole);
        }
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void theSameMergesGiveTheSameBits(Case one) {
        double[] values = new double[2];
        for (int round = 0; round < 2; round++) {
            MetricSums merged = one.sums();
            for (int from = 0; from < ROWS; from += 7) {
                MetricSums part = one.sums();
                int to = Math.min(ROWS, from + 7);
                Rows.of(one, ROWS)
                        .select(true, IntStream.range(from, to).toArray())
                        .addTo(part);
                merged.add(part);
            }
            values[round] = merged.value(one.metric());
        }
        assertThat(values[0]).isEqualTo(values[1]).isFinite();
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void theOrderOfRowsDoesNotMatter(Case one) {
        Rows rows = Rows.of(one, ROWS);
        int[] order = new int[ROWS];
        for (int round = 0; round < 5; round++) {
            SplitMix.at(9, round, 0, 0).permutation(order);
            assertClose(value(one, rows.select(true, order)), value(one, rows));
        }
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void aWeightCountsLikeSoManyRows(Case one) {
        Rows rows = Rows.of(one, ROWS);
        int[] repeated = IntStream.range(0, ROWS)
                .flatMap(n -> IntStream.range(0, (int) rows.weights()[n]).map(i -> n))
                .toArray();
        assertClose(value(one, rows), value(one, rows.select(false, repeated)));
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void aCommonFactorOfAllWeightsDividesOut(Case one) {
        Rows rows = Rows.of(one, ROWS);
        double expected = value(one, rows);
        for (int n = 0; n < ROWS; n++) {
            rows.weights()[n] *= 0.25f;
        }
        assertClose(value(one, rows), expected);
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void ofNoRowsThereIsNoValue(Case one) {
        assertThat(one.sums().value(one.metric())).isNaN();
        Rows weightless = Rows.of(one, 3);
        MetricSums sums = one.sums();
        new Rows(weightless.prediction(), weightless.target(), new float[3]).addTo(sums);
        sums.add(one.sums());
        assertThat(sums.value(one.metric())).isNaN();
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void aRowOfWeightZeroIsNoRowWhateverItsPrediction(Case one) {
        if (one.metric() == StandardMetric.LOSS) {
            return; // it is NaN, so that a training which diverges is seen
        }
        Rows rows = Rows.of(one, ROWS);
        double expected = value(one, rows);
        for (int n = 0; n < ROWS; n++) {
            for (int k = 0; rows.weights()[n] == 0 && k < one.outputs(); k++) {
                rows.prediction().set(k, n, Float.NaN);
            }
        }
        assertThat(value(one, rows)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void sumsTravel(Case one) throws IOException, ClassNotFoundException {
        MetricSums sums = one.sums();
        Rows.of(one, ROWS).addTo(sums);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sums);
            out.writeObject(one.metric());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            MetricSums copy = (MetricSums) in.readObject();
            Metric metric = (Metric) in.readObject();
            assertThat(metric).isEqualTo(one.metric());
            MetricSums received = one.sums();
            received.add(copy);
            assertThat(received.value(metric)).isEqualTo(sums.value(one.metric()));
            received.add(sums);
            assertClose(received.value(metric), sums.value(one.metric())); // twice the same rows
        }
    }

    @ParameterizedTest
    @MethodSource("everyMetric")
    void perfectPredictionsAreTheBest(Case one) {
        if (one.metric() == StandardMetric.LOSS) {
            return; // only some losses are 0 for the best predictions
        }
        Rows rows = Rows.of(one, ROWS);
        double usual = value(one, rows);
        Matrix perfect = Matrix.zeros(one.outputs(), ROWS);
        for (int n = 0; n < ROWS; n++) {
            for (int k = 0; k < one.outputs(); k++) {
                boolean classes = one.kind() == PredictionKind.CLASSES;
                perfect.set(
                        k,
                        n,
                        classes
                                ? (rows.target().get(0, n) == k ? 1 : 0)
                                : rows.target().get(k, n));
            }
        }
        double best = value(one, new Rows(perfect, rows.target(), rows.weights()));
        assertThat(best).isCloseTo(one.metric().largerIsBetter() ? 1 : 0, within(1e-12));
        assertThat(one.metric().improves(best, usual, 0)).isEqualTo(usual != best);
        assertThat(one.metric().improves(usual, best, 0)).isFalse();
    }

    private static double value(Case one, Rows rows) {
        MetricSums sums = one.sums();
        rows.addTo(sums);
        return sums.value(one.metric());
    }

    private static void assertClose(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
    }
}
