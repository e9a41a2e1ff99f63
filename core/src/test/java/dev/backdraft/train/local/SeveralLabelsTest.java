package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowKey;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Huber;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SoftmaxKlDivergence;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.LocalGradients;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows with a label for each output: regressions of several values, several questions, distributions over classes. */
class SeveralLabelsTest {
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(3).withBatchSize(24).withLanes(4);
    private static final TrainingConfig EXACT =
            TrainingConfig.standard().withOptimizer(new Lbfgs()).withEpochs(80).withBatchSize(BatchLayout.FULL_BATCH);

    /** 150 weighted rows, some of them copies: two labels, linear in three features but for noise, in units far apart. */
    private static List<Example> values() {
        SplitMix random = SplitMix.at(5, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 140; i++) {
            float[] x = {
                (float) random.nextGaussian(), (float) (3 + random.nextGaussian()), (float) (2 * random.nextGaussian())
            };
            float[] y = {
                (float) (2 * x[0] - x[1] + 0.5 * x[2] + 1 + 0.3 * random.nextGaussian()),
                (float) (500 + 100 * x[1] - 40 * x[2] + 10 * random.nextGaussian())
            };
            Example row = Example.dense(x, Double.NaN).withLabels(y);
            rows.add(i % 3 == 0 ? row.withWeight(0.5f + i % 4) : row);
        }
        rows.addAll(rows.subList(0, 10));
        return rows;
    }

    /** Two questions about a point: is it right of the axis, is it within the circle. */
    private static List<Example> answers(int count) {
        SplitMix random = SplitMix.at(6, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] y = {x[0] > 0 ? 1 : 0, x[0] * x[0] + x[1] * x[1] < 1.4 ? 1 : 0};
            rows.add(Example.dense(x, Double.NaN).withLabels(y));
        }
        return rows;
    }

    private static Model train(TrainingRequest request, List<Example> rows) {
        return LocalTraining.train(request, rows);
    }

    /** W and b of the weighted least squares, from the normal equations in double: [outputs][inputs + 1]. */
    private static double[][] leastSquares(List<Example> rows) {
        double[][] equations = new double[4][6]; // X'X | X'Y
        for (Example row : rows) {
            double[] x = {row.values()[0], row.values()[1], row.values()[2], 1};
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++) {
                    equations[i][j] += row.weight() * x[i] * x[j];
                }
                equations[i][4] += row.weight() * x[i] * row.labels()[0];
                equations[i][5] += row.weight() * x[i] * row.labels()[1];
            }
        }
        for (int p = 0; p < 4; p++) {
            for (int i = 0; i < 4; i++) {
                double factor = i == p ? 0 : equations[i][p] / equations[p][p];
                for (int j = 0; j < 6; j++) {
                    equations[i][j] -= factor * equations[p][j];
                }
            }
        }
        double[][] solution = new double[2][4];
        for (int i = 0; i < 4; i++) {
            solution[0][i] = equations[i][4] / equations[i][i];
            solution[1][i] = equations[i][5] / equations[i][i];
        }
        return solution;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinearNetworkOfTwoOutputsIsTheLeastSquaresSolution(boolean standardize) {
        List<Example> rows = values();
        Network network = Network.perceptron(new Tanh(), 3, 2);
        Model model = train(TrainingRequest.of(network, EXACT).withStandardize(standardize), rows);
        assertThat(model.loss()).isEqualTo(new SquaredError());
        double[][] expected = leastSquares(rows);
        for (Example row : rows) {
            float[] prediction = model.predict(row.values());
            for (int k = 0; k < 2; k++) {
                double value = expected[k][3];
                for (int i = 0; i < 3; i++) {
                    value += expected[k][i] * row.values()[i];
                }
                assertThat((double) prediction[k]).isCloseTo(value, within(k == 0 ? 0.01 : 0.5));
            }
        }
        if (standardize) { // far closer, as the two labels count alike
            assertThat(model.preprocessing().label().columns()).isEqualTo(2);
            assertThat((double) model.predict(new float[3])[1]).isCloseTo(expected[1][3], within(0.02));
        }
    }

    /** d/dW Σ w (z − t)² = 2/K Σ w (z − t) x' of blocks in memory, from the formula alone. */
    @Test
    void theGradientIsThatOfTheFormula() {
        List<Example> rows = values();
        Network network = Network.perceptron(new Tanh(), 3, 2);
        float[] parameters = {0.1f, -0.2f, 0.3f, 0.4f, -0.5f, 0.6f, 0.7f, -0.8f}; // W column by column, then b
        double[] expected = new double[8];
        for (Example row : rows) {
            float[] x = row.values();
            for (int k = 0; k < 2; k++) {
                double z = parameters[6 + k];
                for (int i = 0; i < 3; i++) {
                    z += parameters[2 * i + k] * x[i];
                }
                double slope = row.weight() * (z - row.labels()[k]); // 2/K = 1
                for (int i = 0; i < 3; i++) {
                    expected[2 * i + k] += slope * x[i];
                }
                expected[6 + k] += slope;
            }
        }
        Blocks blocks = Blocks.of(rows, 3, Preprocessing.none(), 1, BatchLayout.FULL_BATCH, 5);
        try (LocalGradients gradients = new LocalGradients(network, new SquaredError(), blocks, null, 1, 2)) {
            GradientSum sum = gradients.gradient(1, 0, parameters);
            for (int i = 0; i < 8; i++) {
                assertThat((double) sum.gradient()[i]).isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
            }
        }
    }

    static List<Loss> lossesOfSeveralLabels() {
        return List.of(
                new SquaredError(), new Huber(), new SigmoidCrossEntropy(), new SoftmaxKlDivergence(), new Hinge());
    }

    /** Labels that suit the loss, on the features of {@link #values}. */
    private static List<Example> rowsFor(Loss loss) {
        SplitMix random = SplitMix.at(9, 0, 0, 0);
        return values().stream()
                .map(row -> {
                    float share = (float) random.nextDouble();
                    if (!loss.target().classifies()) {
                        return row.withLabels(new float[] {row.labels()[0], row.labels()[1] / 500});
                    }
                    return row.withLabels(
                            loss.target().isOneOfMany()
                                    ? new float[] {share, 1 - share}
                                    : new float[] {random.nextInt(2), random.nextInt(2)});
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("lossesOfSeveralLabels")
    void theGradientOfBlocksAgreesWithDifferencesOfTheirLoss(Loss loss) {
        Network network = Network.perceptron(new Tanh(), 3, 4, 2);
        Blocks blocks = Blocks.of(rowsFor(loss), 3, Preprocessing.none(), 1, BatchLayout.FULL_BATCH, 3);
        float[] parameters = network.initialParameters(3);
        try (LocalGradients gradients = new LocalGradients(network, loss, blocks, blocks, 1, 2)) {
            float[] gradient = gradients.gradient(1, 0, parameters).gradient().clone();
            GradientCheck check = GradientCheck.of(
                    network, parameters, gradient, at -> gradients.validate(at).lossSum());
            assertThat(check.maxRelativeError()).isLessThan(loss instanceof Hinge ? 2e-2 : GradientCheck.RIGHT);
        }
    }

    @ParameterizedTest
    @MethodSource("lossesOfSeveralLabels")
    void threadsAndOrderMakeNoDifferenceToAnyBit(Loss loss) throws IOException {
        List<Example> rows = new ArrayList<>(rowsFor(loss));
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 3, 4, 2), CONFIG)
                .withLoss(loss)
                .withStandardize(true)
                .withValidationFraction(0.2);
        Model expected = LocalTraining.train(request, MemorySource.of(rows, 1), null, 1, List.of());
        Random random = new Random(1);
        for (int threads = 2; threads < 5; threads++) {
            Collections.shuffle(rows, random);
            Model model = LocalTraining.train(request, MemorySource.of(rows, threads), null, threads, List.of());
            assertThat(model.weightsSha256()).isEqualTo(expected.weightsSha256());
            assertThat(model.provenance()).isEqualTo(expected.provenance());
        }
    }

    @Test
    void oneLabelInAnArrayIsOneLabel() {
        List<Example> arrays = values().stream()
                .map(row -> row.withLabels(new float[] {row.labels()[0]}))
                .toList();
        List<Example> numbers =
                values().stream().map(row -> row.withLabel(row.labels()[0])).toList();
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 3, 4, 1), CONFIG)
                .withStandardize(true);
        Model model = train(request, arrays);
        assertThat(model.weightsSha256()).isEqualTo(train(request, numbers).weightsSha256());
        assertThat(model.provenance()).isEqualTo(train(request, numbers).provenance());
        assertThat(arrays.get(0).labels()).isNull();
        assertThat(RowKey.of(7, arrays.get(0)))
                .isEqualTo(RowKey.of(7, numbers.get(0), (float) numbers.get(0).label()));
    }

    @Test
    void everyLabelCountsInTheKeyAndTheFingerprintButNotInTheSplit() {
        Example row = Example.dense(new float[] {1, 0, 2}, Double.NaN);
        List<float[]> labels = List.of(
                new float[] {1, 2}, new float[] {2, 1}, new float[] {1, 3}, new float[] {1, 2, 0}, new float[] {1});
        assertThat(labels.stream().map(row::withLabels).map(one -> RowKey.of(1, one)))
                .doesNotHaveDuplicates();
        assertThat(labels.stream().map(one -> {
                    DataScan scan = new DataScan(3, new DataScan.Split(1, 0), true);
                    scan.add(row.withLabels(one), () -> "a row");
                    return scan.fingerprint();
                }))
                .doesNotHaveDuplicates();
        DataScan.Split half = new DataScan.Split(1, 0.5);
        for (int i = 0; i < 50; i++) {
            Example one = Example.dense(new float[] {i}, 0);
            assertThat(half.isValidation(one.withLabels(new float[] {i, 2})))
                    .isEqualTo(half.isValidation(one.withLabel(5)));
        }
    }

    @Test
    void aModelOfScaledLabelsIsTheSameFromItsFile() throws IOException {
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 3, 4, 2), CONFIG)
                .withStandardize(true);
        Model model = train(request, values());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelFile.write(model, bytes);
        Model read = ModelFile.read(new ByteArrayInputStream(bytes.toByteArray()), "memory");
        for (Example row : values()) {
            assertThat(read.predict(row.values())).containsExactly(model.predict(row.values()));
        }
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        ModelFile.write(read, again);
        assertThat(again.toByteArray()).containsExactly(bytes.toByteArray());
    }

    @Test
    void metricsOfValuesAreInTheUnitsOfEachLabel() throws IOException {
        List<EpochResult> results = new ArrayList<>();
        TrainingRequest request = TrainingRequest.of(
                        Network.perceptron(new Tanh(), 3, 4, 2), CONFIG.withMetrics(List.of("mae")))
                .withStandardize(true);
        MemorySource source = MemorySource.of(values(), 2);
        Model model = LocalTraining.train(request, source, source, 2, List.of(results::add));
        double absolute = 0;
        double weights = 0;
        double plain = 0;
        for (Example row : values()) {
            float[] prediction = model.predict(row.values());
            double error = Math.abs(prediction[0] - row.labels()[0]) + Math.abs(prediction[1] - row.labels()[1]);
            absolute += row.weight() * error / 2;
            weights += row.weight();
            plain += error / 2;
        }
        EpochResult last = results.get(results.size() - 1);
        assertThat(last.metrics().get("mae")).isCloseTo(absolute / weights, within(1e-3));
        Evaluation evaluation = Evaluation.of(model, source);
        assertThat(evaluation.value("mae")).isCloseTo(plain / values().size(), within(1e-3));
        assertThat(evaluation.confusion()).isNull();
    }

    @Test
    void severalQuestionsAreAnswered() throws IOException {
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 2, 12, 2),
                CONFIG.withEpochs(40).withBatchSize(32).withLearningRate(0.02));
        Model model = train(request, answers(600));
        assertThat(model.loss()).isEqualTo(new SigmoidCrossEntropy());
        Evaluation evaluation = Evaluation.of(model, MemorySource.of(answers(600), 1));
        assertThat(evaluation.value("accuracy")).isGreaterThan(0.95);
        assertThat(evaluation.confusion()).isNull();
        float[] inside = model.predict(new float[] {0.4f, 0.1f});
        assertThat(inside[0]).isGreaterThan(0.9f);
        assertThat(inside[1]).isGreaterThan(0.9f);
        float[] outside = model.predict(new float[] {-2, 1});
        assertThat(outside[0]).isLessThan(0.1f);
        assertThat(outside[1]).isLessThan(0.1f);
        assertThat(model.choosesClass()).isFalse();
        assertThatThrownBy(() -> model.predictClass(new float[2])).isInstanceOf(IllegalStateException.class);
    }

    /** Softmax cross-entropy takes shares of classes, too: certain ones are the index, up to the order of the rows. */
    @Test
    void aDistributionOfOneClassIsTheClass() throws IOException {
        List<Example> shares = answers(200).stream()
                .map(row -> row.withLabels(new float[] {row.labels()[0], 1 - row.labels()[0]}))
                .toList();
        List<Example> classes = shares.stream()
                .map(row -> row.withLabel(row.labels()[0] == 1 ? 0 : 1))
                .toList();
        TrainingRequest request = TrainingRequest.of(
                        Network.perceptron(new Tanh(), 2, 4, 2), CONFIG.withBatchSize(BatchLayout.FULL_BATCH))
                .withLoss(new SoftmaxCrossEntropy());
        Model model = train(request, shares);
        assertThat(model.parameters()).containsExactly(train(request, classes).parameters(), within(1e-5f));
        Evaluation ofShares = Evaluation.of(model, MemorySource.of(shares, 1));
        Evaluation ofClasses = Evaluation.of(model, MemorySource.of(classes, 1));
        assertThat(ofShares.confusion()).usingRecursiveComparison().isEqualTo(ofClasses.confusion());
        assertThat(ofShares.loss()).isCloseTo(ofClasses.loss(), within(1e-9));
    }

    @Test
    void labelsThatDoNotFitAreRefusedWithTheNumbers() {
        Network two = Network.perceptron(new Tanh(), 3, 2);
        Network one = Network.perceptron(new Tanh(), 3, 1);
        refused(one, null, values(), "the rows have 2 labels, but the network has 1 output: end the layers with 2");
        List<Example> mixed = new ArrayList<>(values());
        mixed.set(4, mixed.get(4).withLabel(1));
        refused(two, null, mixed, "row 4 has 1 labels, but others have 2");
        mixed.set(4, mixed.get(3).withLabels(new float[] {1, 2, 3}));
        refused(two, null, mixed, "row 4 has 3 labels, but others have 2");
        refused(
                two,
                new SigmoidCrossEntropy(),
                values(),
                "sigmoid-cross-entropy takes labels of 0 to 1, the probability of yes");
        refused(two, new SoftmaxCrossEntropy(), values(), "a row: the share of a class is");
        List<Example> shares = values().stream()
                .map(row -> row.withLabels(new float[] {0.5f, 0.6f}))
                .toList();
        refused(two, new SoftmaxKlDivergence(), shares, "whose sum is 1");
        assertThatThrownBy(() -> train(
                        TrainingRequest.of(
                                Network.perceptron(new Tanh(), 2, 2), CONFIG.withClassWeights(List.of(1.0, 2.0))),
                        answers(20)))
                .isInstanceOf(DataException.class)
                .hasMessage("class weights need one class a row, but the rows have 2 labels");
        Example row = values().get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> row.withLabels(new float[0]))
                .withMessage("a row needs at least one label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> row.withLabels(new float[] {1, Float.NaN}))
                .withMessage("label 1 is NaN, not a finite number");
    }

    @Test
    void rowsToEvaluateMustHaveTheLabelsOfTheModel() {
        Model model = train(TrainingRequest.of(Network.perceptron(new Tanh(), 3, 2), CONFIG), values());
        List<Example> single = values().stream().map(row -> row.withLabel(1)).toList();
        assertThatThrownBy(() -> Evaluation.of(model, MemorySource.of(single, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has one label, but squared-error with 2 outputs needs 2 a row");
        List<Example> three = values().stream()
                .map(row -> row.withLabels(new float[] {1, 2, 3}))
                .toList();
        assertThatThrownBy(() -> Evaluation.of(model, MemorySource.of(three, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has 3 labels, but the network has 2 outputs");
    }

    private static void refused(Network network, Loss loss, List<Example> rows, String message) {
        assertThatThrownBy(() -> train(TrainingRequest.of(network, CONFIG).withLoss(loss), rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
