package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Activations;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layers;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.FlatLayout;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.train.Objective;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.LaneWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for every network and every loss: the gradient is that of the loss; it does not matter how the lanes of a step
 * are spread; sums add. The second and third find what the first cannot: an average inside a batch, a gradient overwritten.
 */
class ThreeLawsTest {
    private static final double FLOAT32 = 1e-3; // of central differences of fourth order
    private static final double FAR_FROM_KINKS = 0.1; // a parameter's step moves a pre-activation by less
    private static final int ROWS = 7;
    private static final int CODES = 3; // values of the columns that hold codes
    private static final Map<String, String> GENTLE = Map.of( // settings that float32 differences can follow
            "fourier-basis", "fourier-basis:harmonics=1,period=8",
            "polynomial-basis", "polynomial-basis:degree=2",
            "radial-basis", "radial-basis:width=1");

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
            Matrix x = random(network.inputSize(), rows, SplitMix.at(seed, 2, 0, 0));
            SplitMix codes = SplitMix.at(seed, 7, 0, 0);
            for (int column : network.codeColumns()) {
                for (int n = 0; n < rows; n++) {
                    x.set(column, n, codes.nextInt(CODES));
                }
            }
            return x;
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

        long[] rowStreams(int rows) {
            long[] streams = new long[rows];
            for (int n = 0; n < rows; n++) {
                streams[n] = SplitMix.address(seed, 6, 0, n);
            }
            return streams;
        }

        @Override
        public String toString() {
            return loss.name() + " of " + network;
        }
    }

    private static final List<Case> CASES = everyNetwork()
            .flatMap(network -> Losses.all().stream()
                    .filter(loss -> LossCases.suits(loss, network.outputSize()))
                    .map(loss -> new Case(LossCases.networkFor(loss, network), loss, 0)))
            .map(ThreeLawsTest::awayFromKinks)
            .toList(); // once for all laws, as the search for a place away from kinks takes most of the time

    static Stream<Case> everyNetworkAndLoss() {
        return CASES.stream();
    }

    /** With the labels that files have, one number a row. */
    static Stream<Case> everyNetworkWithOneLabel() {
        return everyNetworkAndLoss()
                .filter(one -> one.loss().labelCount(one.network().outputSize()) == 1);
    }

    /** Those whose rows do not look at each other. */
    static Stream<Case> everyNetworkOfSingleRows() {
        return everyNetworkAndLoss().filter(one -> one.network().statisticCount() == 0);
    }

    static Stream<Case> everyNetworkOfSingleRowsWithOneLabel() {
        return everyNetworkWithOneLabel()
                .filter(one ->
                        one.network().statisticCount() == 0 && !one.network().isRandom());
    }

    private static Stream<Network> everyNetwork() {
        int[][] sizes = {{1, 1}, {3, 2}, {1, 1, 1}, {3, 4, 2}, {4, 3, 1}, {2, 5, 3, 3}, {1, 2, 1, 1}, {3, 1, 4, 1}};
        Stream<Network> perceptrons = Stream.of(new Tanh(), new Relu())
                .flatMap(activation -> Stream.of(sizes).map(layers -> Network.perceptron(activation, layers)));
        Stream<Network> activations = Activations.CATALOG.all().stream()
                .flatMap(activation ->
                        Stream.of(Network.perceptron(activation, 3, 4, 2), endingIn(activation), twiceIn(activation)));
        Stream<Network> layers = Layers.CATALOG.all().stream().flatMap(layer -> with(layer.name()));
        return Stream.of(perceptrons, activations, layers, graphs(), tables(), ensembles())
                .flatMap(stream -> stream);
    }

    /** Networks with a layer of this type, of size 1 and larger, in front and in the middle. */
    private static Stream<Network> with(String type) {
        if (List.of("dense", "activation", "add", "embedding", "piecewise-linear-embedding", "batch-ensemble")
                .contains(type)) {
            return Stream.of(); // are in all the others, take several inputs, or are among the tables
        }
        return Stream.of("1", "3").flatMap(size -> Stream.of(
                        "{'inputSize': 2, 'layers': ['tanh', {'type': 'dense', 'outputSize': SIZE}, TYPE,"
                                + " {'type': 'dense', 'outputSize': 2}]}",
                        "{'inputSize': SIZE, 'layers': [TYPE, {'type': 'dense', 'outputSize': 1}]}")
                .map(text -> network(
                        text.replace("SIZE", size).replace("TYPE", "'" + GENTLE.getOrDefault(type, type) + "'"))));
    }

    /** Columns of codes and numbers, in front and in branches, and what else networks for tables have. */
    private static Stream<Network> tables() {
        String codes = "'codes': [{'column': 0, 'values': 3, 'embeddingSize': 2},"
                + " {'column': 2, 'values': 3, 'embeddingSize': 4}]";
        String bins = "'boundaries': [[-1, 0, 2], [-0.5, 0.25]], 'embeddingSize': 2";
        return Stream.of(
                network("{'inputSize': 1, 'layers': [{'type': 'embedding', 'codes': [{'values': 3}]}]}"),
                network("{'inputSize': 4, 'layers': [{'type': 'embedding', " + codes
                        + "}, 'scaling', {'type': 'dense', 'outputSize': 3}, {'type': 'prelu', 'shared': true},"
                        + " {'type': 'dense', 'outputSize': 2}]}"),
                network(
                        "{'inputSize': 4, 'layers': [{'type': 'select', 'columns': [3, 1], 'name': 'numbers'},"
                                + " {'type': 'periodic-embedding', 'frequencies': 2, 'embeddingSize': 3, 'name': 'waves'},"
                                + " {'type': 'select', 'inputs': ['input'], 'columns': [2, 0], 'name': 'chosen'},"
                                + " {'type': 'embedding', 'codes': [{'column': 1, 'values': 3, 'embeddingSize': 3}], 'name': 'vectors'},"
                                + " {'type': 'concatenate', 'inputs': ['waves', 'vectors']},"
                                + " {'type': 'dense', 'outputSize': 3}, 'parametric-activation', {'type': 'dense', 'outputSize': 1}]}"),
                network("{'layers': [{'type': 'piecewise-linear-embedding', " + bins
                        + "}, {'type': 'dense', 'outputSize': 2}]}"),
                network("{'inputSize': 2, 'layers': ['tanh', {'type': 'dense', 'outputSize': 2},"
                        + " {'type': 'piecewise-linear-embedding', " + bins + "}]}"),
                network("{'inputSize': 2, 'layers': [{'type': 'periodic-embedding', 'form': 'plr', 'frequencies': 2,"
                        + " 'embeddingSize': 3}, {'type': 'dense', 'outputSize': 1}]}"),
                network(
                        "{'inputSize': 1, 'layers': [{'type': 'dense', 'outputSize': 2}, {'type': 'periodic-embedding',"
                                + " 'form': 'pl', 'frequencies': 1, 'embeddingSize': 1}, {'type': 'dense', 'outputSize': 2}]}"));
    }

    /** Members that each have their own loss, and means of members that the loss is of. */
    private static Stream<Network> ensembles() {
        String two = "{'type': 'batch-ensemble', 'members': 2, 'units': ";
        String mean = "{'type': 'ensemble-mean', 'members': 2, 'average': '";
        return Stream.of("outputs", "softmax", "sigmoid")
                .flatMap(average -> Stream.of(
                        network("{'inputSize': 2, 'layers': [{'type': 'repeat', 'times': 2}, " + two
                                + "3, 'randomSigns': true}, 'tanh', " + two + "2}, " + mean + average + "'}]}"),
                        network("{'inputSize': 4, 'layers': ['tanh', " + mean + average
                                + "'}, {'type': 'dense', 'outputSize': 2}]}"),
                        network("{'inputSize': 2, 'layers': [{'type': 'dense', 'outputSize': 2}, " + mean + average
                                + "'}]}")));
    }

    /** Branches that are added and concatenated, and outputs that several layers take. */
    private static Stream<Network> graphs() {
        return Stream.of(
                network("{'inputSize': 3, 'layers': ['tanh', {'type': 'residual', 'layers': [{'type': 'dense',"
                        + " 'outputSize': 3}, 'tanh', {'type': 'residual', 'layers': ['layer-norm',"
                        + " {'type': 'dense', 'outputSize': 3}]}]}, {'type': 'dense', 'outputSize': 2}]}"),
                network("{'inputSize': 2, 'layers': [{'type': 'dense', 'outputSize': 3, 'name': 'a'},"
                        + " {'type': 'sigmoid', 'inputs': ['a'], 'name': 'b'},"
                        + " {'type': 'concatenate', 'inputs': ['a', 'input', 'b'], 'name': 'c'},"
                        + " {'type': 'dense', 'outputSize': 2, 'name': 'd'},"
                        + " {'type': 'add', 'inputs': ['d', 'input']}, {'type': 'dense', 'outputSize': 1}]}"));
    }

    private static Network network(String json) {
        try {
            return NetworkJson.read(new ObjectMapper().readTree(json.replace('\'', '"')), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        FlatLayout layout = one.network().layout();
        for (long seed = 1; seed < 100_000; seed++) {
            Case candidate = one.withSeed(seed);
            if (Kinks.areFurtherAway(candidate, layout, ROWS, FAR_FROM_KINKS)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no seed keeps away from the kinks: " + one);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyNetworkAndLoss")
    void backwardAgreesWithCentralDifferences(Case one) {
        float[] parameters = one.parameters();
        Matrix x = one.x(ROWS);
        Matrix target = one.target(ROWS);
        for (float[] weights : new float[][] {null, one.weights(ROWS)}) {
            GradientCheck check =
                    GradientCheck.of(one.network(), one.loss(), parameters, x, target, weights, one.rowStreams(ROWS));
            assertThat(check.maxRelativeError())
                    .as("%s: %s", one, check.matrices())
                    .isLessThan(FLOAT32);
        }
        assertThat(parameters).containsExactly(one.parameters()); // restored
    }

    @ParameterizedTest
    @MethodSource("everyNetworkWithOneLabel")
    void anyPartitionOfTheLanesGivesTheSameBits(Case one) {
        for (int lanes : new int[] {1, 2, 3, 4, 6, 8, 12, 24}) {
            Blocks blocks = blocks(one, lanes);
            int last = (int) blocks.layout().stepsPerEpoch()
                    - 1; // the last step is shorter; those between are like the first
            for (int step : new int[] {0, last}) {
                GradientSum whole = sum(one, blocks, step, List.of(0, lanes));
                for (List<Integer> cuts : partitions(lanes)) {
                    GradientSum spread = sum(one, blocks, step, cuts);
                    assertThat(spread.gradient()).as("%s", cuts).isEqualTo(whole.gradient());
                    assertThat(spread.losses().loss()).isEqualTo(whole.losses().loss());
                    assertThat(spread.losses().weight())
                            .isEqualTo(whole.losses().weight());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyNetworkOfSingleRowsWithOneLabel")
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
            assertClose(one, epoch, big);
        }
    }

    @ParameterizedTest
    @MethodSource("everyNetworkOfSingleRows")
    void addingTwoBatchesToOneSumEqualsAddingThemTogether(Case one) {
        int first = 5;
        int rows = 16;
        GradientSum together = new GradientSum(one.network().length());
        addRows(one, rows, 0, rows, together);

        GradientSum apart = new GradientSum(one.network().length());
        addRows(one, rows, 0, first, apart);
        addRows(one, rows, first, rows, apart);
        assertClose(one, apart, together);

        GradientSum left = new GradientSum(one.network().length());
        GradientSum right = new GradientSum(one.network().length());
        addRows(one, rows, 0, first, left);
        addRows(one, rows, first, rows, right);
        left.add(right);
        assertClose(one, left, together);
    }

    /** Adds rows [from, to) of a batch, with the random numbers that belong to them. */
    private static void addRows(Case one, int rows, int from, int to, GradientSum sum) {
        new Backpropagation(one.network(), one.loss(), rows)
                .addGradient(
                        one.parameters(),
                        columns(one.x(rows), from, to),
                        columns(one.target(rows), from, to),
                        null,
                        Arrays.copyOfRange(one.rowStreams(rows), from, to),
                        sum);
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void aWeightCountsLikeSoManyRows(Case one) {
        int[] repeats = {0, 0, 2, 2, 2};
        Matrix x = one.x(3);
        Matrix target = one.target(3);
        long[] streams = one.rowStreams(3);
        Backpropagation backpropagation = new Backpropagation(one.network(), one.loss(), repeats.length);
        GradientSum weighted = new GradientSum(one.network().length());
        backpropagation.addGradient(one.parameters(), x, target, new float[] {2, 0, 3}, streams, weighted);

        Matrix manyX = Matrix.zeros(x.rows(), repeats.length);
        Matrix manyTargets = Matrix.zeros(target.rows(), repeats.length);
        long[] manyStreams = new long[repeats.length];
        for (int n = 0; n < repeats.length; n++) {
            System.arraycopy(x.values(), repeats[n] * x.rows(), manyX.values(), n * x.rows(), x.rows());
            System.arraycopy(
                    target.values(),
                    repeats[n] * target.rows(),
                    manyTargets.values(),
                    n * target.rows(),
                    target.rows());
            manyStreams[n] = streams[repeats[n]];
        }
        GradientSum repeated = new GradientSum(one.network().length());
        backpropagation.addGradient(one.parameters(), manyX, manyTargets, null, manyStreams, repeated);
        assertClose(one, weighted, repeated);
    }

    @ParameterizedTest
    @MethodSource("everyNetworkAndLoss")
    void aCommonFactorOfAllWeightsDividesOut(Case one) {
        Backpropagation backpropagation = new Backpropagation(one.network(), one.loss(), 3);
        GradientSum plain = new GradientSum(one.network().length());
        backpropagation.addGradient(one.parameters(), one.x(3), one.target(3), null, one.rowStreams(3), plain);
        for (float factor : new float[] {0.1f, 7}) {
            GradientSum weighted = new GradientSum(one.network().length());
            float[] weights = {factor, factor, factor};
            backpropagation.addGradient(
                    one.parameters(), one.x(3), one.target(3), weights, one.rowStreams(3), weighted);
            assertCloseMeans(one, weighted, plain);
        }
    }

    private static void assertClose(Case one, GradientSum actual, GradientSum expected) {
        assertThat(actual.losses().weight()).isCloseTo(expected.losses().weight(), within(1e-5));
        assertCloseMeans(one, actual, expected);
    }

    private static void assertCloseMeans(Case one, GradientSum actual, GradientSum expected) {
        double loss = expected.losses().meanLoss();
        assertThat(actual.losses().meanLoss()).isCloseTo(loss, within(1e-5 * Math.max(1, Math.abs(loss))));
        assertThat(actual.losses().accuracy()).isCloseTo(expected.losses().accuracy(), within(1e-5));
        float[] mean = new float[actual.gradient().length];
        actual.meanGradient(mean);
        float[] expectedMean = new float[mean.length];
        expected.meanGradient(expectedMean);
        int count = one.network().parameterCount();
        float largest = 1;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(expectedMean[i]));
        }
        assertThat(Arrays.copyOf(mean, count))
                .containsExactly(Arrays.copyOf(expectedMean, count), within(2e-5f * largest));
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
