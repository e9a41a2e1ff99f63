package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.layer.Activation;
import dev.backdraft.layer.Activations;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.layer.Relu;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for every network and every loss: the gradient is that of the loss; it does not matter how the lanes of a step
 * are spread; sums add. The second and third find what the first cannot: an average inside a batch, a gradient overwritten.
 */
class ThreeLawsTest {
    private static final double FLOAT32 = 1e-3; // of central differences with step 1e-2
    private static final double FAR_FROM_KINKS = 0.08; // a parameter's step moves a pre-activation by less
    private static final int ROWS = 7;

    /** A network, a loss, and a seed of parameters and rows: they are away from the kinks of ReLU and of the loss. */
    record Case(Network network, Loss loss, long seed) {
        float[] parameters() {
            float[] parameters = network.initialParameters(seed);
            SplitMix random = SplitMix.at(seed, 1, 0, 0);
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] += (float) (0.3 * random.nextGaussian()); // biases too
            }
            return parameters;
        }

        Matrix x(int rows) {
            return random(network.inputSize(), rows, SplitMix.at(seed, 2, 0, 0));
        }

        Matrix target(int rows) {
            return LossCases.target(loss, network.outputSize(), rows, SplitMix.at(seed, 3, 0, 0));
        }

        float[] weights(int rows) {
            SplitMix random = SplitMix.at(seed, 4, 0, 0);
            float[] weights = new float[rows];
            for (int n = 0; n < rows; n++) {
                weights[n] = (float) (3 * random.nextDouble());
            }
            return weights;
        }

        Case withSeed(long newSeed) {
            return new Case(network, loss, newSeed);
        }

        /** The smallest distance of an input of ReLU from 0, or of an output from a kink of the loss. */
        double distanceFromKinks() {
            float[] parameters = parameters();
            Matrix x = x(ROWS);
            double distance = Double.POSITIVE_INFINITY;
            for (int i = 0; i < network.layers().size(); i++) {
                Layer layer = network.layers().get(i);
                if (layer instanceof Elementwise elementwise && elementwise.function() instanceof Relu) {
                    for (float value : x.values()) {
                        distance = Math.min(distance, Math.abs(value));
                    }
                }
                Matrix y = Matrix.zeros(layer.outputSize(), ROWS);
                layer.forward(network.slice(i, parameters), x, y, new Pass(i, 0));
                x = y;
            }
            return Math.min(distance, LossCases.distanceFromKinks(loss, x, target(ROWS)));
        }

        @Override
        public String toString() {
            return loss.name() + " of " + network.layers();
        }
    }

    static Stream<Case> everyNetworkAndLoss() {
        return everyNetwork()
                .flatMap(network -> Losses.all().stream()
                        .filter(loss -> loss.classCount(network.outputSize()) != 1) // one class is none
                        .map(loss -> new Case(LossCases.networkFor(loss, network), loss, 0)))
                .map(ThreeLawsTest::awayFromKinks);
    }

    /** With the labels that files have, one number a row. */
    static Stream<Case> everyNetworkWithOneLabel() {
        return everyNetworkAndLoss()
                .filter(one -> one.loss().labelSize(one.network().outputSize()) == 1);
    }

    private static Stream<Network> everyNetwork() {
        int[][] sizes = {{1, 1}, {3, 2}, {1, 1, 1}, {3, 4, 2}, {4, 3, 1}, {2, 5, 3, 3}, {1, 2, 1, 1}, {3, 1, 4, 1}};
        return Activations.CATALOG.all().stream()
                .flatMap(activation -> Stream.concat(
                        Stream.of(sizes).map(layers -> Network.perceptron(activation, layers)),
                        Stream.of(endingIn(activation), twiceIn(activation))));
    }

    /** Activation as the last layer, so that the loss's own gradient passes through it. */
    private static Network endingIn(Activation activation) {
        return new Network(List.of(new Dense(3, 2, activation.initializer()), new Elementwise(activation, 2)));
    }

    private static Network twiceIn(Activation activation) {
        return new Network(List.of(
                new Elementwise(activation, 2),
                new Dense(2, 3, activation.initializer()),
                new Elementwise(activation, 3),
                new Dense(3, 1, activation.initializer())));
    }

    private static Case awayFromKinks(Case one) {
        for (long seed = 1; seed < 100_000; seed++) {
            Case candidate = one.withSeed(seed);
            if (candidate.distanceFromKinks() > FAR_FROM_KINKS) {
                return candidate;
            }
        }
        throw new IllegalStateException("no seed keeps away from the kinks: " + one);
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void backwardAgreesWithCentralDifferences(Case one) {
        float[] parameters = one.parameters();
        Matrix x = one.x(ROWS);
        Matrix target = one.target(ROWS);

        assertThat(GradientCheck.maxRelativeError(one.network(), one.loss(), parameters, x, target, null))
                .isLessThan(FLOAT32);
        assertThat(GradientCheck.maxRelativeError(one.network(), one.loss(), parameters, x, target, one.weights(ROWS)))
                .isLessThan(FLOAT32);
        assertThat(parameters).containsExactly(one.parameters()); // restored
    }

    @ParameterizedTest
    @MethodSource("everyNetworkWithOneLabel")
    void anyPartitionOfTheLanesGivesTheSameBits(Case one) {
        for (int lanes : new int[] {1, 2, 3, 4, 6, 8, 12, 24}) {
            Blocks blocks = blocks(one, lanes);
            for (int step = 0; step < blocks.layout().stepsPerEpoch(); step++) {
                GradientSum whole = sum(one, blocks, step, List.of(0, lanes));
                for (List<Integer> cuts : partitions(lanes)) {
                    GradientSum spread = sum(one, blocks, step, cuts);
                    assertThat(spread.gradient()).as("%s", cuts).containsExactly(whole.gradient());
                    assertThat(spread.losses().loss()).isEqualTo(whole.losses().loss());
                    assertThat(spread.losses().weight())
                            .isEqualTo(whole.losses().weight());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyNetworkWithOneLabel")
    void theStepsOfAnEpochGiveTheGradientOfOneBigBatch(Case one) {
        GradientSum big = new GradientSum(one.network().parameterCount());
        new Backpropagation(one.network(), one.loss(), 101)
                .addGradient(one.parameters(), one.x(101), one.target(101), one.weights(101), big);
        for (int lanes : new int[] {1, 3, 4, 24}) {
            Blocks blocks = blocks(one, lanes);
            GradientSum epoch = new GradientSum(one.network().parameterCount());
            for (int step = 0; step < blocks.layout().stepsPerEpoch(); step++) {
                epoch.add(sum(one, blocks, step, List.of(0, lanes)));
            }
            assertClose(epoch, big);
        }
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void addingTwoBatchesToOneSumEqualsAddingThemTogether(Case one) {
        int first = 5;
        int rows = 16;
        float[] parameters = one.parameters();
        Matrix x = one.x(rows);
        Matrix target = one.target(rows);
        Backpropagation backpropagation = new Backpropagation(one.network(), one.loss(), rows);
        GradientSum together = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, null, together);

        GradientSum apart = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, columns(x, 0, first), columns(target, 0, first), null, apart);
        backpropagation.addGradient(parameters, columns(x, first, rows), columns(target, first, rows), null, apart);
        assertClose(apart, together);

        GradientSum left = new GradientSum(parameters.length);
        GradientSum right = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, columns(x, 0, first), columns(target, 0, first), null, left);
        backpropagation.addGradient(parameters, columns(x, first, rows), columns(target, first, rows), null, right);
        left.add(right);
        assertClose(left, together);
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void aWeightCountsLikeSoManyRows(Case one) {
        float[] parameters = one.parameters();
        Matrix x = one.x(3);
        Matrix target = one.target(3);
        Backpropagation backpropagation = new Backpropagation(one.network(), one.loss(), 3);
        GradientSum weighted = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, new float[] {2, 0, 3}, weighted);

        GradientSum repeated = new GradientSum(parameters.length);
        for (int row : new int[] {0, 0, 2, 2, 2}) {
            backpropagation.addGradient(
                    parameters, columns(x, row, row + 1), columns(target, row, row + 1), null, repeated);
        }
        assertClose(weighted, repeated);
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void aCommonFactorOfAllWeightsDividesOut(Case one) {
        float[] parameters = one.parameters();
        Backpropagation backpropagation = new Backpropagation(one.network(), one.loss(), 3);
        float[] expected = new float[parameters.length];
        GradientSum plain = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, one.x(3), one.target(3), null, plain);
        plain.meanGradient(expected);
        for (float factor : new float[] {0.1f, 7}) {
            GradientSum weighted = new GradientSum(parameters.length);
            float[] weights = {factor, factor, factor};
            backpropagation.addGradient(parameters, one.x(3), one.target(3), weights, weighted);
            float[] mean = new float[parameters.length];
            weighted.meanGradient(mean);
            assertThat(mean).containsExactly(expected, within(1e-5f));
            assertThat(weighted.losses().meanLoss()).isCloseTo(plain.losses().meanLoss(), within(1e-5));
        }
    }

    private static void assertClose(GradientSum actual, GradientSum expected) {
        assertThat(actual.losses().weight()).isCloseTo(expected.losses().weight(), within(1e-5));
        assertThat(actual.losses().meanLoss()).isCloseTo(expected.losses().meanLoss(), within(1e-5));
        assertThat(actual.losses().accuracy()).isCloseTo(expected.losses().accuracy(), within(1e-5));
        float[] mean = new float[actual.gradient().length];
        actual.meanGradient(mean);
        float[] expectedMean = new float[mean.length];
        expected.meanGradient(expectedMean);
        float largest = 1;
        for (float entry : expectedMean) {
            largest = Math.max(largest, Math.abs(entry));
        }
        assertThat(mean).containsExactly(expectedMean, within(1e-5f * largest));
    }

    /** 101 rows in batches of 24: the last one has 5. */
    private static Blocks blocks(Case one, int lanes) {
        Matrix x = one.x(101);
        Matrix target = one.target(101);
        float[] weights = one.weights(101);
        List<Example> rows = new ArrayList<>();
        for (int n = 0; n < 101; n++) {
            float[] values = columns(x, n, n + 1).values();
            int from = n * x.rows();
            float[] row = new float[x.rows()];
            System.arraycopy(values, from, row, 0, row.length);
            rows.add(Example.dense(row, target.get(0, n)).withWeight(weights[n]));
        }
        return Blocks.of(rows, x.rows(), Preprocessing.none(), one.seed(), 24, lanes);
    }

    /** The gradient of a step of epoch 3, each run of lanes [cuts(i), cuts(i + 1)) by a worker of its own, last run first. */
    private static GradientSum sum(Case one, Blocks blocks, int step, List<Integer> cuts) {
        BatchLayout layout = blocks.layout();
        Objective objective = new Objective(one.network(), one.loss(), layout, one.seed());
        List<LaneSum> nodes = new ArrayList<>();
        for (int i = cuts.size() - 2; i >= 0; i--) {
            LaneWorker worker = new LaneWorker(objective);
            nodes.addAll(worker.sums(3, step, cuts.get(i), cuts.get(i + 1), one.parameters(), blocks.blocks()::get));
        }
        return GradientTree.merge(layout.activeLanes(step), nodes);
    }

    /** All partitions of up to 4 lanes into contiguous runs; a choice of those of more. */
    private static List<List<Integer>> partitions(int lanes) {
        List<List<Integer>> partitions = new ArrayList<>();
        SplitMix random = SplitMix.at(lanes, 5, 0, 0);
        int all = 1 << (lanes - 1);
        for (int i = 0; i < Math.min(all, 8); i++) {
            int bits = lanes <= 4 ? i : i == 0 ? all - 1 : random.nextInt(all);
            List<Integer> cuts = new ArrayList<>(List.of(0));
            IntStream.range(1, lanes)
                    .filter(lane -> (bits >> (lane - 1) & 1) == 1)
                    .forEach(cuts::add);
            cuts.add(lanes);
            partitions.add(cuts);
        }
        return partitions;
    }

    private static Matrix columns(Matrix all, int from, int to) {
        return new Matrix(all.values(), all.offset() + from * all.rows(), all.rows(), to - from);
    }

    private static Matrix random(int rows, int columns, SplitMix random) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }
}
