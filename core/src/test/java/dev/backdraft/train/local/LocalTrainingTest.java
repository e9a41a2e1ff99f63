package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Identity;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.loss.Normal;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.Target;
import dev.backdraft.model.Model;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise of same bits, and that training trains: on small data with copies, weights and a short last batch. */
class LocalTrainingTest {
    private static final Network NETWORK = Network.perceptron(new Tanh(), 2, 8, 3);
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(3)
            .withBatchSize(48)
            .withLanes(6)
            .withLearningRate(0.01);

    /** 211 rows of three classes, each around a corner of a triangle, some weighted, some copies of others. */
    private static List<Example> rows() {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        double[][] corners = {{0, 2}, {2, -1}, {-2, -1}};
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int label = random.nextInt(3);
            float[] x = {
                (float) (corners[label][0] + 0.6 * random.nextGaussian()),
                (float) (corners[label][1] + 0.6 * random.nextGaussian())
            };
            Example row = Example.dense(x, label);
            rows.add(i % 3 == 0 ? row.withWeight(0.5f + i % 5) : row);
        }
        for (int i = 0; i < 11; i++) {
            rows.add(rows.get(17 * (i / 3)));
        }
        return rows;
    }

    private static Model train(TrainingRequest request, MemorySource source, int threads) throws IOException {
        return LocalTraining.train(request, source, null, threads, List.of());
    }

    private static List<EpochResult> results(TrainingRequest request, MemorySource source) throws IOException {
        List<EpochResult> results = new ArrayList<>();
        LocalTraining.train(request, source, null, 2, List.of(results::add));
        return results;
    }

    private static void assertSameBits(Model actual, Model expected) {
        assertThat(actual.parameters()).isEqualTo(expected.parameters());
        assertThat(actual.weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(actual.provenance()).isEqualTo(expected.provenance());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void threadsAndOrderAndPartsMakeNoDifferenceToAnyBit(int threads) throws IOException {
        TrainingRequest request =
                TrainingRequest.of(NETWORK, CONFIG).withStandardize(true).withValidationFraction(0.2);
        List<Example> rows = rows();
        Model expected = train(request, MemorySource.of(rows, 1), 1);
        Random random = new Random(threads);
        for (int parts : new int[] {1, 2, 5}) {
            Collections.shuffle(rows, random);
            assertSameBits(train(request, MemorySource.of(rows, parts), threads), expected);
        }
    }

    /** Large enough that merging and the update are cut into ranges too, of vectors with statistics behind the parameters. */
    @ParameterizedTest
    @MethodSource("everyOptimizer")
    @Tag("slow")
    void rangesOfALongVectorMakeNoDifferenceToAnyBit(Optimizer optimizer) throws IOException {
        Network network = Network.builder(2)
                .dense(6_000)
                .batchNorm()
                .activation(new Tanh())
                .dense(3)
                .build();
        TrainingConfig config = TrainingConfig.standard()
                .withOptimizer(optimizer)
                .withEpochs(optimizer.searchesLine() ? 1 : 2)
                .withBatchSize(optimizer.searchesLine() ? BatchLayout.FULL_BATCH : 64)
                .withLanes(optimizer.searchesLine() ? 0 : 4)
                .withLearningRate(1e-3);
        TrainingRequest request = TrainingRequest.of(network, config);
        Model expected = train(request, MemorySource.of(rows(), 1), 1);
        for (int threads : new int[] {2, 3, 5}) {
            assertSameBits(train(request, MemorySource.of(rows(), 1), threads), expected);
        }
    }

    static List<Optimizer> everyOptimizer() {
        return Optimizers.all();
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void theSameTrainingIsTheSameBitsWithEveryOptimizer(Optimizer optimizer) throws IOException {
        TrainingRequest request = TrainingRequest.of(NETWORK, CONFIG.withOptimizer(optimizer));
        Model one = train(request, MemorySource.of(rows(), 1), 1);
        assertSameBits(train(request, MemorySource.of(rows(), 3), 4), one);
        Model otherSeed =
                train(TrainingRequest.of(NETWORK, request.config().withSeed(43)), MemorySource.of(rows(), 1), 1);
        assertThat(otherSeed.weightsSha256()).isNotEqualTo(one.weightsSha256());
    }

    @Test
    void aRowOfWeightZeroCountsLikeNoRow() throws IOException {
        TrainingRequest request =
                TrainingRequest.of(NETWORK, CONFIG).withStandardize(true).withValidationFraction(0.2);
        List<Example> rows = rows();
        Model expected = train(request, MemorySource.of(rows, 2), 2);
        for (int i = 0; i < 20; i++) {
            rows.add(7 * i, Example.dense(new float[] {i, -i}, i % 3).withWeight(0));
        }
        assertSameBits(train(request, MemorySource.of(rows, 2), 2), expected);
    }

    @Test
    void weightsOfOneAreNoWeights() throws IOException {
        TrainingRequest request = TrainingRequest.of(NETWORK, CONFIG);
        List<Example> plain = rows().stream().map(row -> row.withWeight(1)).toList();
        List<Example> twice = rows().stream().map(row -> row.withWeight(2)).toList();
        Model expected = train(request, MemorySource.of(plain, 1), 1);
        // a common factor of all weights divides out, up to the order of rows, so compare one batch of all
        TrainingRequest full = TrainingRequest.of(NETWORK, CONFIG.withBatchSize(BatchLayout.FULL_BATCH));
        assertThat(train(full, MemorySource.of(twice, 1), 1).parameters())
                .containsExactly(train(full, MemorySource.of(plain, 1), 1).parameters(), within(1e-5f));
        assertSameBits(train(request, MemorySource.of(plain, 3), 2), expected);
    }

    @Test
    void sparseRowsGiveTheSameModelAsDenseOnes() throws IOException {
        List<Example> sparse = rows().stream()
                .map(row -> Example.sparse(new int[] {0, 1}, row.values(), row.label())
                        .withWeight(row.weight()))
                .toList();
        for (boolean standardize : new boolean[] {false, true}) {
            TrainingRequest request = TrainingRequest.of(NETWORK, CONFIG).withStandardize(standardize);
            assertSameBits(
                    train(request, MemorySource.of(sparse, 2), 2), train(request, MemorySource.of(rows(), 1), 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, BatchLayout.FULL_BATCH})
    void stochasticAndMiniBatchAndBatchDescentReduceTheLossOfEveryKind(int batchSize) throws IOException {
        for (Loss loss : Losses.all()) {
            if (loss.target() == Target.DISTRIBUTION) {
                continue; // distributions, which these rows do not have
            }
            boolean several = loss.target().isOneOfMany();
            int outputs = loss instanceof DistributionLoss one ? one.outputs() : several ? 3 : 1;
            Network network = LossCases.networkFor(loss, Network.perceptron(new Tanh(), 2, 8, outputs));
            List<Example> rows = several
                    ? rows()
                    : rows().stream()
                            .map(row -> row.withLabel(
                                    Math.min(1, row.label()) + (loss.target() == Target.POSITIVE ? 1 : 0)))
                            .toList();
            boolean full = batchSize == BatchLayout.FULL_BATCH;
            TrainingConfig config = TrainingConfig.standard()
                    .withEpochs(full ? 60 : 8)
                    .withBatchSize(batchSize)
                    .withOptimizer(new Sgd())
                    .withLearningRate(
                            loss instanceof Normal // steep where a deviation becomes small
                                    ? 0.01
                                    : full ? 0.2 : batchSize == 1 ? 0.01 : 0.1);
            List<EpochResult> results =
                    results(TrainingRequest.of(network, config).withLoss(loss), MemorySource.of(rows, 2));

            EpochResult first = results.get(0);
            EpochResult last = results.get(results.size() - 1);
            double share = loss.target() == Target.COUNT ? 1 : 0.8; // Poisson's smallest loss is not 0
            assertThat(last.loss()).as(loss.name()).isLessThan(share * first.loss());
            assertThat(last.rows()).isEqualTo(211);
            assertThat(results)
                    .extracting(EpochResult::epoch)
                    .startsWith(1, 2, 3)
                    .hasSize(config.epochs());
            if (loss.target().isOneOfMany() && loss.outputRange() == OutputRange.PROBABILITY) {
                continue; // after sigmoids, whose outputs do not compete, it is a loss but tells no classes apart
            }
            if (loss.target().classifies()) {
                assertThat(last.accuracy()).as(loss.name()).isGreaterThan(0.85);
            } else {
                assertThat(last.accuracy()).isNaN();
            }
            assertThat(last.validationLoss()).isNaN();
        }
    }

    @Test
    void theFirstLossOfAFullBatchIsThatOfTheStartValues() throws IOException {
        TrainingRequest request =
                TrainingRequest.of(NETWORK, CONFIG.withEpochs(1).withBatchSize(BatchLayout.FULL_BATCH));
        double loss = results(request, MemorySource.of(rows(), 1)).get(0).loss();

        Network network = request.network();
        List<Example> rows = rows();
        LossSum sum = new LossSum();
        Backpropagation backpropagation = new Backpropagation(network, new SoftmaxCrossEntropy(), 1);
        float[] parameters = network.initialParameters(request.config().seed());
        for (Example row : rows) {
            backpropagation.addLoss(
                    parameters,
                    new Matrix(row.values(), 0, 2, 1),
                    new Matrix(new float[] {(float) row.label()}, 0, 1, 1),
                    new float[] {row.weight()},
                    sum);
        }
        assertThat(loss).isCloseTo(sum.meanLoss(), within(1e-6));
    }

    @Test
    void aLearningRateThatIsTooLargeIsReportedAtItsStep() {
        List<Example> rows = rows().stream().map(row -> row.withLabel(5)).toList();
        TrainingConfig config = CONFIG.withOptimizer(new Sgd()).withLearningRate(1e25);
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Identity(), 2, 4, 1), config)
                .withLoss(new SquaredError());

        assertThatThrownBy(() -> train(request, MemorySource.of(rows, 1), 2))
                .isInstanceOf(DivergedException.class)
                .hasMessageMatching(
                        "training diverged: the loss is (Infinity|NaN) in epoch 1, step 2,"
                                + " at learning rate 1\\.0E25; (the gradient of )?layers\\.\\d\\.\\w+ has norm .*; try a smaller learning rate, or standardize the features");
    }

    @Test
    void theValidationRowsAreAFixedShareWhateverTheOrder() throws IOException {
        TrainingRequest request = TrainingRequest.of(NETWORK, CONFIG).withValidationFraction(0.3);
        List<Example> rows = rows();
        List<EpochResult> expected = results(request, MemorySource.of(rows, 1));
        assertThat((double) expected.get(0).rows()).isBetween(0.55 * 211, 0.85 * 211);
        Collections.shuffle(rows, new Random(4));
        List<EpochResult> shuffled = results(request, MemorySource.of(rows, 4));
        for (int i = 0; i < expected.size(); i++) {
            assertThat(shuffled.get(i).rows()).isEqualTo(expected.get(i).rows());
            assertThat(shuffled.get(i).loss()).isEqualTo(expected.get(i).loss());
            assertThat(shuffled.get(i).validationLoss())
                    .isEqualTo(expected.get(i).validationLoss())
                    .isFinite();
            assertThat(shuffled.get(i).validationAccuracy())
                    .isEqualTo(expected.get(i).validationAccuracy());
        }
    }

    @Test
    void keepingRowsBackIsTheSameAsLeavingThemOutAndGivingThemSeparately() throws IOException {
        TrainingRequest request = TrainingRequest.of(NETWORK, CONFIG).withValidationFraction(0.3);
        List<Example> training = new ArrayList<>();
        List<Example> held = new ArrayList<>();
        rows().forEach(row -> (request.split().isValidation(row) ? held : training).add(row));
        List<EpochResult> results = new ArrayList<>();

        Model separate = LocalTraining.train(
                TrainingRequest.of(NETWORK, CONFIG),
                MemorySource.of(training, 1),
                MemorySource.of(held, 2),
                1,
                List.of(results::add));

        Model together = train(request, MemorySource.of(rows(), 1), 1);
        assertThat(separate.weightsSha256()).isEqualTo(together.weightsSha256());
        List<EpochResult> expected = results(request, MemorySource.of(rows(), 1));
        assertThat(results)
                .extracting(EpochResult::validationLoss)
                .containsExactlyElementsOf(
                        expected.stream().map(EpochResult::validationLoss).toList());
    }

    @Test
    void textLabelsBecomeClassesInAlphabeticalOrder() throws IOException {
        String[] names = {"pear", "apple", "fig"};
        List<Example> rows = rows().stream()
                .map(row -> row.withLabelText(names[(int) row.label()], Double.NaN))
                .toList();
        Model model = train(TrainingRequest.of(NETWORK, CONFIG.withEpochs(40)), MemorySource.of(rows, 2), 2);

        assertThat(model.preprocessing().classNames()).containsExactly("apple", "fig", "pear");
        assertThat(mostProbable(model, 0, 2)).isEqualTo("pear"); // the corners of the triangle
        assertThat(mostProbable(model, 2, -1)).isEqualTo("apple");
        assertThat(mostProbable(model, -2, -1)).isEqualTo("fig");
    }

    private static String mostProbable(Model model, float x, float y) {
        float[] prediction = model.predict(new float[] {x, y});
        int best = 0;
        for (int k = 1; k < prediction.length; k++) {
            best = prediction[k] > prediction[best] ? k : best;
        }
        return model.className(best);
    }

    @Test
    void aLabelOutOfRangeIsReportedWithItsPlace() {
        List<Example> rows = rows();
        rows.set(100, rows.get(100).withLabel(3));
        assertThatThrownBy(() -> train(TrainingRequest.of(NETWORK, CONFIG), MemorySource.of(rows, 2), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 3 in part 0 row 51 is out of range")
                .hasMessageContaining("for 3 classes the labels are 0 to 2");
    }

    @Test
    void aValidationLabelOutOfRangeIsReportedWithItsPlace() {
        List<Example> validation = List.of(Example.dense(new float[2], 2), Example.dense(new float[2], 4));
        assertThatThrownBy(() -> LocalTraining.train(
                        TrainingRequest.of(NETWORK, CONFIG),
                        MemorySource.of(rows(), 2),
                        MemorySource.of(validation, 1),
                        1,
                        List.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 4 in part 0 row 2");
    }

    @Test
    void aRowOfTheWrongWidthIsReportedWithItsPlace() {
        List<Example> rows = rows();
        rows.set(3, Example.dense(new float[5], 0));
        assertThatThrownBy(() -> train(TrainingRequest.of(NETWORK, CONFIG), MemorySource.of(rows, 1), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("part 0 row 4 has 5 features, but the network takes 2");
    }

    @Test
    void noRowsAreNoTraining() {
        assertThatThrownBy(() -> train(TrainingRequest.of(NETWORK, CONFIG), MemorySource.of(List.of(), 1), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no rows to train on");
    }

    @Test
    void oneRowIsEnough() throws IOException {
        Model model = train(TrainingRequest.of(NETWORK, CONFIG), MemorySource.of(rows().subList(0, 1), 1), 3);
        assertThat(model.parameters()).hasSize(NETWORK.parameterCount());
    }

    @Test
    void aRegressionIsPredictedInTheUnitsOfTheLabel() throws IOException {
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            float x = (float) random.nextGaussian();
            rows.add(Example.dense(new float[] {1000 * x}, 5000 + 700 * x));
        }
        TrainingRequest request = TrainingRequest.of(
                        Network.perceptron(new Tanh(), 1, 1),
                        CONFIG.withEpochs(200).withLearningRate(0.05))
                .withStandardize(true);
        Model model = train(request, MemorySource.of(rows, 1), 2);

        assertThat(model.loss()).isEqualTo(new SquaredError());
        assertThat(model.predict(new float[] {0})[0]).isCloseTo(5000, within(5f));
        assertThat(model.predict(new float[] {2000})[0]).isCloseTo(6400, within(5f));
    }
}
