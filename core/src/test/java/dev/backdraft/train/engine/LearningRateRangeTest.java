package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.LearningRateCurve;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.local.LocalTraining;
import dev.backdraft.train.local.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The range test on problems whose answer is known, and that it is the descent that a training makes. */
class LearningRateRangeTest {
    private static final LearningRateRange RANGE = new LearningRateRange();

    private static <T> T measure(
            Network network,
            Loss loss,
            TrainingConfig config,
            List<Example> rows,
            int threads,
            Function<PreparedTraining, T> use)
            throws IOException {
        TrainingRequest request = TrainingRequest.of(network, config).withLoss(loss);
        try (PreparedTraining training = LocalPreparation.prepare(request, MemorySource.of(rows, 1), null, threads)) {
            return use.apply(training);
        }
    }

    /** Points on the line through the origin with slope 3, at x = ±c. */
    private static List<Example> line(double c) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double x = i % 2 == 0 ? c : -c;
            rows.add(Example.dense(new float[] {(float) x}, 3 * x));
        }
        return rows;
    }

    private static LearningRateCurve ofLine(double c, int batchSize) throws IOException {
        Network network = Network.builder(1).dense(1, false).build();
        TrainingConfig config = new TrainingConfig().withOptimizer(new Sgd()).withBatchSize(batchSize);
        return measure(network, new SquaredError(), config, line(c), 1, RANGE::measure);
    }

    /**
     * The loss is a parabola of curvature h = 2c². After rates that grow by the factor e^Δ a step it is exp(−2hη/Δ) of the first,
     * which falls fastest against log η at η = Δ/2h; above 2/h it grows.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 10})
    void findsTheRateOfAParabola(double c) throws IOException {
        double curvature = 2 * c * c;
        LearningRateRange wide = new LearningRateRange(1e-6 / curvature, 100 / curvature, 120, 0.9);
        Network network = Network.builder(1).dense(1, false).build();
        TrainingConfig config = new TrainingConfig().withOptimizer(new Sgd()).withBatchSize(BatchLayout.FULL_BATCH);
        LearningRateCurve curve = measure(network, new SquaredError(), config, line(c), 1, wide::measure);
        double step = Math.log(1e8) / 119;
        double steepest = curve.steepest().getAsDouble();
        assertThat(steepest / (step / (2 * curvature))).isBetween(0.7, 1.4); // two steps to either side
        assertThat(curve.grown()).isTrue();
        assertThat(curve.points().get(curve.points().size() - 1).rate()).isGreaterThan(2 / curvature);
        assertThat(curve.lowest().rate()).isGreaterThan(steepest);
    }

    @Test
    void followsTheCurvature() throws IOException {
        double flat = ofLine(0.3, BatchLayout.FULL_BATCH).steepest().getAsDouble();
        double steep = ofLine(3, 10).steepest().getAsDouble();
        assertThat(flat / steep).isBetween(50.0, 200.0); // 100 times the curvature
    }

    /** Three clouds of points. */
    private static List<Example> clouds() {
        SplitMix random = SplitMix.at(5, 0, 0, 0);
        double[][] centres = {{0, 2}, {2, -1}, {-2, -1}};
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int label = i % 3;
            float[] x = {
                (float) (centres[label][0] + 0.7 * random.nextGaussian()),
                (float) (centres[label][1] + 0.7 * random.nextGaussian())
            };
            rows.add(Example.dense(x, label));
        }
        return rows;
    }

    private static final Network CLASSIFIER = Network.perceptron(new Relu(), 2, 16, 3);

    private static TrainingConfig batches(Optimizer rule) {
        return new TrainingConfig().withOptimizer(rule).withBatchSize(30).withEpochs(3);
    }

    private static double lossAt(double rate, TrainingConfig config) {
        List<EpochResult> results = new ArrayList<>();
        try {
            LocalTraining.train(TrainingRequest.of(CLASSIFIER, config.withLearningRate(rate)), clouds(), results::add);
        } catch (DivergedException e) {
            return Double.POSITIVE_INFINITY;
        }
        return results.get(results.size() - 1).loss();
    }

    @Test
    void whatItSuggestsTrainsBetterThanMuchLessOrMuchMore() throws IOException {
        for (Optimizer rule : List.of(new Sgd(), new Adam())) {
            TrainingConfig config = batches(rule);
            double rate = measure(CLASSIFIER, new SoftmaxCrossEntropy(), config, clouds(), 2, RANGE::measure)
                    .steepest()
                    .getAsDouble();
            double loss = lossAt(rate, config);
            assertThat(loss).as(rule.name()).isLessThan(lossAt(rate / 100, config) / 2);
            assertThat(loss).as(rule.name()).isLessThan(lossAt(rate * 3000, config));
        }
    }

    /** By its numbers: a fall by chance at small rates, a real one late, and a lowest loss soon after it. */
    @Test
    void suggestsNeitherAFallByChanceNorARateNearTheLowestLoss() {
        List<LearningRateCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            double loss = i < 60 ? 1 : Math.max(0.5, 1 - 0.025 * (i - 60));
            loss += i == 2 || i == 3 ? 0.2 : i == 6 || i == 7 ? -0.2 : 0;
            loss += i > 85 ? 0.1 * (i - 85) : 0;
            points.add(new LearningRateCurve.Point(i, RANGE.rate(i), loss, loss));
        }
        LearningRateCurve curve = new LearningRateCurve(points, true);
        assertThat(curve.steepest().getAsDouble()).isBetween(RANGE.rate(58), RANGE.rate(85));
        assertThat(curve.suggestion().getAsDouble()).isBetween(RANGE.rate(50), RANGE.rate(85) / 10);
    }

    @Test
    void ratesGrowExponentially() throws IOException {
        LearningRateCurve curve = ofLine(0.001, 10); // so flat that the loss stays
        assertThat(curve.points()).hasSize(100);
        assertThat(curve.grown()).isFalse();
        assertThat(curve.points().get(0).rate()).isEqualTo(1e-7);
        assertThat(curve.points().get(99).rate()).isCloseTo(10, within(1e-12));
        double ratio = curve.points().get(1).rate() / curve.points().get(0).rate();
        for (int i = 1; i < 100; i++) {
            assertThat(curve.points().get(i).step()).isEqualTo(i);
            assertThat(curve.points().get(i).rate() / curve.points().get(i - 1).rate())
                    .isCloseTo(ratio, within(1e-9));
        }
    }

    @Test
    void smoothsWithItsStartCorrected() throws IOException {
        LearningRateCurve curve = ofLine(1, BatchLayout.FULL_BATCH);
        double sum = 0;
        double weights = 0;
        for (LearningRateCurve.Point point : curve.points()) {
            sum = 0.9 * sum + point.loss();
            weights = 0.9 * weights + 1;
            assertThat(point.smoothed()).isCloseTo(sum / weights, within(1e-9 * point.smoothed()));
        }
    }

    @Test
    void endsWhereTheSmoothedLossIsFourTimesItsLowest() throws IOException {
        List<LearningRateCurve.Point> points = ofLine(1, BatchLayout.FULL_BATCH).points();
        double lowest = Double.POSITIVE_INFINITY;
        for (LearningRateCurve.Point point : points) {
            lowest = Math.min(lowest, point.smoothed());
            boolean last = point.step() == points.size() - 1;
            assertThat(point.smoothed() > 4 * lowest).isEqualTo(last);
        }
    }

    @Test
    void suggestsNothingWhereTheLossDoesNotFall() throws IOException {
        assertThat(ofLine(0.0001, 10).steepest()).isEqualTo(OptionalDouble.empty());
        LearningRateRange hot = new LearningRateRange(100, 1e6, 20, 0.9);
        Network network = Network.builder(1).dense(1, false).build();
        LearningRateCurve curve = measure(network, new SquaredError(), batches(new Sgd()), line(1), 1, hot::measure);
        assertThat(curve.grown()).isTrue();
        assertThat(curve.steepest()).isEmpty();
    }

    @Test
    void endsWhenTheLossIsNoNumber() throws IOException {
        LearningRateRange hot = new LearningRateRange(1e30, 1e38, 20, 0);
        Network network = Network.builder(1).dense(1, false).build();
        LearningRateCurve curve = measure(network, new SquaredError(), batches(new Sgd()), line(1), 1, hot::measure);
        assertThat(curve.grown()).isTrue();
        assertThat(curve.points()).hasSizeLessThan(20).allMatch(point -> Double.isFinite(point.loss()));
    }

    @Test
    void isTheSameForAnyNumberOfThreadsAndChangesNothing() throws IOException {
        TrainingConfig config = batches(new Adam()).withLanes(6);
        LearningRateCurve one = measure(CLASSIFIER, null, config, clouds(), 1, RANGE::measure);
        assertThat(measure(CLASSIFIER, null, config, clouds(), 3, RANGE::measure))
                .isEqualTo(one);
        Model alone = measure(CLASSIFIER, null, config, clouds(), 1, LearningRateRangeTest::train);
        Model after = measure(CLASSIFIER, null, config, clouds(), 1, training -> {
            RANGE.measure(training);
            return train(training);
        });
        assertThat(after.weightsSha256()).isEqualTo(alone.weightsSha256());
    }

    private static Model train(PreparedTraining training) {
        try {
            return training.train(TrainingStart.fromScratch(), List.of());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a constant rate the losses are those of the first steps of a training. */
    @Test
    void makesTheStepsOfATraining() throws IOException {
        TrainingConfig config =
                batches(new Adam()).withBatchSize(200).withAccumulation(2).withLearningRate(0.01);
        LearningRateRange constant = new LearningRateRange(0.01, Math.nextUp(0.01), 10, 0);
        List<LearningRateCurve.Point> points = measure(CLASSIFIER, null, config, clouds(), 1, constant::measure)
                .points();
        List<EpochResult> epochs = new ArrayList<>();
        LocalTraining.train(TrainingRequest.of(CLASSIFIER, config), clouds(), epochs::add);
        for (int epoch = 0; epoch < 3; epoch++) { // of 600 rows: one update of 400 and one of 200
            double mean = (2 * points.get(2 * epoch).loss()
                            + points.get(2 * epoch + 1).loss())
                    / 3;
            assertThat(mean).isCloseTo(epochs.get(epoch).loss(), within(1e-6));
        }
    }

    @Test
    void refusesWhatMakesNoSense() throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateRange(0, 1, 100, 0.9));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateRange(1, 0.1, 100, 0.9));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateRange(0.1, 1, 9, 0.9));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateRange(0.1, 1, 100, 1));
        TrainingConfig config = batches(new Lbfgs()).withBatchSize(BatchLayout.FULL_BATCH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(CLASSIFIER, null, config, clouds(), 1, RANGE::measure))
                .withMessageContaining("lbfgs");
    }
}
