package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.model.Model;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.AdamW;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.schedule.StepDecay;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.ScheduleUnit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingRules;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.local.LocalTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What the loop does between two gradients, step by step against the formulas in double. */
class TrainingLoopTest {
    private static final Network LINE = Network.perceptron(new Tanh(), 2, 1); // w₁, w₂, b
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withOptimizer(new Sgd())
            .withLearningRate(0.1)
            .withEpochs(1)
            .withBatchSize(10)
            .withLanes(1);
    private static final int ROWS = 95; // ten steps an epoch, the last one short

    /** Gives the same gradient for every step, and remembers where it was asked. */
    private static final class Constant implements GradientSource {
        private final double[] gradient; // mean
        private final double loss;
        private final List<float[]> points = new ArrayList<>();

        Constant(double loss, double... gradient) {
            this.loss = loss;
            this.gradient = gradient;
        }

        @Override
        public GradientSum gradient(int epoch, long step, float[] parameters) {
            points.add(parameters.clone());
            int rows = step == 9 ? 5 : 10;
            GradientSum sum = new GradientSum(gradient.length);
            for (int i = 0; i < gradient.length; i++) {
                sum.gradient()[i] = (float) (rows * gradient[i]);
            }
            sum.losses().add(rows * loss, rows, 0);
            return sum;
        }

        @Override
        public MetricSums validate(float[] parameters) {
            return null;
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static TrainingState run(TrainingConfig config, Loss loss, GradientSource source, float... start) {
        TrainingState state = TrainingState.startFrom(LINE, config, start);
        BatchLayout layout = BatchLayout.of(ROWS, config.batchSize(), config.lanes());
        new TrainingLoop(LINE, loss, config, layout, source, List.of()).run(state);
        return state;
    }

    private static void assertParameters(TrainingState state, double... expected) {
        float[] parameters = state.parameters();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) parameters[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void aStepGoesAgainstTheMeanGradient() {
        TrainingState state = run(CONFIG, new SquaredError(), new Constant(1, 1, -2, 0.5), 0, 0, 0);
        assertThat(state.updates()).isEqualTo(10);
        assertParameters(state, -1, 2, -0.5);
    }

    @Test
    void severalStepsMayMakeOneUpdateDividedOnce() {
        TrainingState four = run(CONFIG.withAccumulation(4), new SquaredError(), new Constant(1, 1, -2, 0.5), 0, 0, 0);
        assertThat(four.updates()).isEqualTo(3); // 4, 4 and 2 steps
        assertParameters(four, -0.3, 0.6, -0.15);
        BatchGrowth growth = new BatchGrowth(2, 1, 40, BatchGrowth.RateRule.LINEAR);
        TrainingState growing = run(
                CONFIG.withEpochs(3).withBatchGrowth(growth), new SquaredError(), new Constant(1, 1, 0, 0), 0, 0, 0);
        assertThat(growing.updates()).isEqualTo(10 + 5 + 3);
        assertParameters(growing, -0.1 * (10 + 2 * 5 + 4 * 3), 0, 0);
    }

    @Test
    void clippingComesBeforeThePenaltyAndBiasesArePenalizedOnlyWhenAsked() {
        TrainingConfig config = CONFIG.withBatchSize(BatchLayout.FULL_BATCH)
                .withClipping(new Clipping(0, 1))
                .withPenalty(new Penalty(19, 9.5)); // λ/N = 0.2 and 0.1
        Constant source = new Constant(1, 3, 0, 4);
        assertParameters(
                run(config, new SquaredError(), source, 2, -1, 1),
                2 - 0.1 * (0.6 + 0.2 + 0.2),
                -1 - 0.1 * (-0.2 - 0.1),
                1 - 0.08);
        assertParameters(
                run(config.withPenalizeBiases(true), new SquaredError(), source, 2, -1, 1),
                2 - 0.1,
                -1 + 0.03,
                1 - 0.1 * (0.8 + 0.2 + 0.1));
    }

    @Test
    void weightDecayIsDecoupledAndMaxNormComesLast() {
        TrainingConfig config = CONFIG.withBatchSize(BatchLayout.FULL_BATCH).withWeightDecay(0.5);
        Constant source = new Constant(1, 1, 0, 0);
        assertParameters(run(config, new SquaredError(), source, 3, 4, 5), 0.95 * 3 - 0.1, 0.95 * 4, 5);
        TrainingState bounded = run(config.withMaxNorm(1), new SquaredError(), source, 3, 4, 5);
        double norm = Math.hypot(2.75, 3.8);
        assertParameters(bounded, 2.75 / norm, 3.8 / norm, 5);
    }

    @Test
    void weightDecayIsRefusedWhenItIsSetTwice() {
        TrainingConfig config = CONFIG.withOptimizer(new AdamW()).withWeightDecay(0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRules.check(LINE, config))
                .withMessageContaining("weight decay is set twice")
                .withMessageContaining("0.5 for any optimizer, and 0.01 as a setting of adamw");
        TrainingRules.check(LINE, config.withWeightDecay(0));
        TrainingRules.check(LINE, config.withOptimizer(new AdamW(0.9, 0.999, 1e-8, false, true, 0)));
    }

    @Test
    void theRootOfTheMeanHasTheGradientOfTheRoot() {
        TrainingState state = run(
                CONFIG.withBatchSize(BatchLayout.FULL_BATCH),
                new RootSquaredError(),
                new Constant(4, 1, 0, 0),
                0,
                0,
                0);
        assertParameters(state, -0.1 / (2 * Math.sqrt(4)), 0, 0);
    }

    @Test
    void aScheduleCountsUpdatesOrEpochs() {
        TrainingConfig config = CONFIG.withEpochs(2).withSchedule(new StepDecay(1, 0.5));
        double sum = DoubleStream.iterate(0.1, rate -> rate / 2).limit(20).sum();
        assertParameters(run(config, new SquaredError(), new Constant(1, 1, 0, 0), 0, 0, 0), -sum);
        assertParameters(
                run(config.withScheduleUnit(ScheduleUnit.EPOCH), new SquaredError(), new Constant(1, 1, 0, 0), 0, 0, 0),
                -(10 * 0.1 + 10 * 0.05));
    }

    @Test
    void aRuleThatLooksAheadIsAskedAhead() {
        Constant source = new Constant(1, 1, 0, 0);
        run(CONFIG.withOptimizer(new Momentum(Momentum.Form.DELTA_LOOK_AHEAD)), new SquaredError(), source, 0, 0, 7);
        assertThat((double) source.points.get(1)[0]).isCloseTo(-0.1 - 0.9 * 0.1, within(1e-6));
        assertThat(source.points.get(1)[2]).isEqualTo(7);
    }

    @Test
    void averagedWeightsBecomeTheResult() {
        Averaging mean = new Averaging(Averaging.Kind.SWA, 0, false, 2);
        TrainingState state =
                run(CONFIG.withEpochs(4).withAveraging(mean), new SquaredError(), new Constant(1, 1, 0, 0), 0, 0, 0);
        assertParameters(state, -4);
        assertThat((double) state.result()[0]).isCloseTo(-3, within(1e-5)); // of −2, −3 and −4
    }

    @Test
    void aLossThatIsNotFiniteEndsTheTraining() {
        assertThatThrownBy(() -> run(CONFIG, new SquaredError(), new Constant(Double.NaN, 1, 0, 0), 0, 0, 0))
                .isInstanceOf(DivergedException.class);
    }

    @Test
    void whatContradictsALineSearchIsRefused() {
        TrainingConfig search = CONFIG.withOptimizer(new Lbfgs());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(search.withMaxNorm(1), new SquaredError(), new Constant(1, 1, 0, 0), 0, 0, 0))
                .withMessageContaining("max-norm");
    }

    // On rows

    private static List<Example> clusters(int count, long seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % 2;
            float[] x = {(float) (label + random.nextGaussian()), (float) (random.nextGaussian() - label)};
            rows.add(Example.dense(x, label));
        }
        return rows;
    }

    @Test
    void classWeightsCountLikeRowWeights() {
        TrainingConfig config = CONFIG.withEpochs(200).withBatchSize(BatchLayout.FULL_BATCH);
        Network network = Network.perceptron(new Tanh(), 2, 2);
        TrainingRequest request = TrainingRequest.of(network, config).withLoss(new SoftmaxCrossEntropy());
        List<Example> rows = clusters(100, 1);
        List<Example> weighted = rows.stream()
                .map(row -> row.label() == 1 ? row.withWeight(3) : row)
                .toList();
        Model byRows = LocalTraining.train(request, weighted);
        Model byClass = LocalTraining.train(
                new TrainingRequest(network, request.loss(), config.withClassWeights(List.of(1.0, 3.0)), false, 0),
                rows);
        for (int i = 0; i < byRows.parameters().length; i++) {
            assertThat(byClass.parameters()[i]).isCloseTo(byRows.parameters()[i], within(1e-5f));
        }
        assertThatThrownBy(() ->
                        LocalTraining.train(TrainingRequest.of(network, config.withClassWeights(List.of(1.0))), rows))
                .hasMessageContaining("1 class weights for 2 classes");
    }

    @Test
    void earlyStoppingKeepsTheWeightsOfTheBestEpoch() {
        TrainingConfig config =
                CONFIG.withEpochs(500).withLearningRate(1).withEarlyStopping(new EarlyStopping("loss", 3, 0));
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 2, 30, 2), config)
                .withValidationFraction(0.5);
        List<EpochResult> results = new ArrayList<>();
        List<Example> rows = clusters(60, 2);
        Model model = LocalTraining.train(request, rows, results::add);
        double best =
                results.stream().mapToDouble(EpochResult::validationLoss).min().orElseThrow();
        assertThat(results).hasSizeLessThan(500);
        assertThat(results.get(results.size() - 4).validationLoss()).isEqualTo(best);

        Blocks held = Blocks.of(
                rows.stream().filter(request.split()::isValidation).toList(),
                2,
                Preprocessing.none(),
                config.seed(),
                BatchLayout.FULL_BATCH,
                BatchLayout.AUTO_LANES);
        double loss = Measures.ofLoss(model.network(), model.loss())
                .of(held.blocks().get(0), model.parameters())
                .loss();
        assertThat(loss).isCloseTo(best, within(1e-6));
        TrainingConfig unmeasured = config.withEarlyStopping(new EarlyStopping("roc-auc", 3, 0));
        assertThatThrownBy(() -> LocalTraining.train(TrainingRequest.of(request.network(), unmeasured), rows))
                .hasMessageContaining("roc-auc is measured on validation rows, but there are none");
    }

    @Test
    void theLineSearchFindsTheLeastSquaresOfALine() {
        SplitMix random = SplitMix.at(9, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            float a = (float) random.nextGaussian();
            float b = (float) (10 * random.nextGaussian());
            rows.add(Example.dense(new float[] {a, b}, 3 * a - 0.5 * b + 7));
        }
        TrainingConfig config =
                CONFIG.withOptimizer(new Lbfgs()).withLearningRate(1).withEpochs(60);
        Model model = LocalTraining.train(
                TrainingRequest.of(LINE, config).withLoss(new SquaredError()), rows); // in batches: all make one update
        assertThat(model.parameters()).containsExactly(new float[] {3, -0.5f, 7}, within(1e-3f));
    }

    @Test
    void metricsOfTheValidationRowsAreThoseOfTheModel() {
        TrainingConfig config = CONFIG.withEpochs(5).withMetrics(List.of("roc-auc", "f1-macro", "log-loss"));
        TrainingRequest request =
                TrainingRequest.of(Network.perceptron(new Tanh(), 2, 2), config).withValidationFraction(0.4);
        List<EpochResult> results = new ArrayList<>();
        List<Example> rows = clusters(100, 3);
        LocalTraining.train(request, rows, results::add);
        EpochResult last = results.get(4);
        assertThat(last.metrics()).containsOnlyKeys("roc-auc", "f1-macro", "log-loss");
        assertThat(last.value("log-loss"))
                .isCloseTo(last.validationLoss(), within(1e-6)); // softmax cross-entropy is it
        assertThat(last.value("roc-auc")).isBetween(0.7, 1.0);

        TrainingConfig values = config.withMetrics(List.of("r2"));
        assertThatThrownBy(() -> LocalTraining.train(
                        TrainingRequest.of(request.network(), values).withValidationFraction(0.4), rows))
                .hasMessageContaining("r2 is not for a network that is trained with softmax-cross-entropy");
    }

    @Test
    void metricsOfARegressionAreInTheLabelsOwnUnits() {
        SplitMix random = SplitMix.at(4, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float a = (float) random.nextGaussian();
            rows.add(Example.dense(new float[] {a, 1}, 1000 + 100 * random.nextGaussian())); // nothing to learn
        }
        TrainingConfig config = CONFIG.withMetrics(List.of("rmse"));
        List<EpochResult> results = new ArrayList<>();
        LocalTraining.train(new TrainingRequest(LINE, new SquaredError(), config, true, 0.5), rows, results::add);
        assertThat(results.get(0).value("rmse")).isBetween(80.0, 200.0);
    }
}
