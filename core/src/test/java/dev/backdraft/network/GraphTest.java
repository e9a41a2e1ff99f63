package dev.backdraft.network;

import static dev.backdraft.network.Network.INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Identity;
import dev.backdraft.activation.Sigmoid;
import dev.backdraft.activation.Tanh;
import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.layer.Add;
import dev.backdraft.layer.Concatenate;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SquaredError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backpropagation through branches, sums and values that several layers take. */
class GraphTest {
    private static final SquaredError LOSS = new SquaredError();
    private static final double FLOAT32 = 1e-3;
    private static final int ROWS = 5;

    static Stream<Network> graphs() {
        return Stream.concat(
                Stream.of(
                        branches().addition(1, 3).dense(2).build(),
                        branches().concatenation(1, 3).dense(2).build(),
                        branches().concatenation(3, 1, 3, INPUT).dense(2).build(),
                        Network.builder(3).addition(INPUT, INPUT).dense(2).build(),
                        Network.builder(3).concatenation(INPUT, INPUT).dense(2).build(),
                        Network.builder(3)
                                .dense(3)
                                .activation(new Tanh())
                                .addition(1, INPUT)
                                .concatenation(2, 0, INPUT)
                                .dense(2)
                                .build(),
                        Network.builder(3)
                                .dense(4)
                                .from(0)
                                .activation(new Tanh())
                                .from(0)
                                .activation(new Sigmoid())
                                .from(0, 1, 2)
                                .dense(1)
                                .from(3, 0)
                                .dense(2)
                                .build(),
                        Network.builder(2)
                                .residual(outer -> outer.dense(2)
                                        .residual(inner ->
                                                inner.activation(new Tanh()).dense(2))
                                        .activation(new Sigmoid()))
                                .residual(block ->
                                        block.dense(3).activation(new Tanh()).dense(2))
                                .build(),
                        Network.builder(1)
                                .residual(block -> block.activation(new Tanh()))
                                .dense(1)
                                .build()),
                LongStream.range(0, 40).mapToObj(GraphTest::randomGraph));
    }

    private static NetworkBuilder branches() {
        return Network.builder(3)
                .dense(4)
                .activation(new Tanh())
                .from(INPUT)
                .dense(4)
                .activation(new Sigmoid());
    }

    /** Up to eight layers, each taking one to three of those before; what nobody took goes into the last. */
    private static Network randomGraph(long seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        int inputSize = 1 + random.nextInt(3);
        List<Layer> layers = new ArrayList<>();
        List<List<Integer>> inputs = new ArrayList<>();
        int count = 1 + random.nextInt(7);
        for (int i = 0; i < count; i++) {
            List<Integer> taken = new ArrayList<>();
            for (int k = random.nextInt(3); k >= 0; k--) {
                taken.add(i == 0 ? INPUT : random.nextInt(i + 1) - 1);
            }
            add(layers, inputs, taken, inputSize, random);
        }
        List<Integer> rest = new ArrayList<>(List.of(INPUT));
        for (int i = 0; i < count; i++) {
            int layer = i;
            if (inputs.stream().noneMatch(taken -> taken.contains(layer))) {
                rest.add(layer);
            }
        }
        int size = rest.stream()
                .mapToInt(i -> i == INPUT ? inputSize : layers.get(i).outputSize())
                .sum();
        layers.add(new Dense(size, 2, new GlorotUniform()));
        inputs.add(rest);
        return new Network(layers, inputs);
    }

    private static void add(
            List<Layer> layers, List<List<Integer>> inputs, List<Integer> taken, int inputSize, SplitMix random) {
        int[] sizes = taken.stream()
                .mapToInt(i -> i == INPUT ? inputSize : layers.get(i).outputSize())
                .toArray();
        int size = Arrays.stream(sizes).sum();
        boolean equal = sizes.length > 1 && Arrays.stream(sizes).allMatch(one -> one == sizes[0]);
        layers.add(
                switch (random.nextInt(4)) {
                    case 0 -> new Elementwise(new Tanh(), size);
                    case 1 -> equal ? new Add(sizes[0], sizes.length) : new Concatenate(size);
                    default -> new Dense(size, 1 + random.nextInt(3), new GlorotUniform());
                });
        inputs.add(taken);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void theGradientOfTheParametersAgreesWithCentralDifferences(Network network) {
        float[] parameters = parameters(network);
        Matrix x = random(network.inputSize(), ROWS, 2);
        Matrix target = random(network.outputSize(), ROWS, 3);

        for (float[] weights : new float[][] {null, {1, 0, 2.5f, 0.5f, 3}}) {
            assertThat(GradientCheck.of(network, LOSS, parameters, x, target, weights, null)
                            .maxRelativeError())
                    .isLessThan(FLOAT32);
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void theGradientOfTheInputAgreesWithCentralDifferences(Network network) {
        float[] parameters = parameters(network);
        Matrix x = random(network.inputSize(), ROWS, 2);
        Matrix dLogits = random(network.outputSize(), ROWS, 4);
        Backpropagation backpropagation = new Backpropagation(network, LOSS, ROWS);
        Matrix dx = random(network.inputSize(), ROWS, 5); // whatever was there is overwritten
        backpropagation.addOutputGradient(parameters, x, dLogits, null, dx);

        float step = 1e-2f;
        for (int i = 0; i < x.size(); i++) {
            float kept = x.values()[i];
            x.values()[i] = kept + step;
            double up = dot(backpropagation.forward(parameters, x), dLogits);
            x.values()[i] = kept - step;
            double down = dot(backpropagation.forward(parameters, x), dLogits);
            x.values()[i] = kept;
            double difference = (up - down) / ((double) (kept + step) - (kept - step));
            assertThat((double) dx.values()[i])
                    .as("entry %d", i)
                    .isCloseTo(difference, within(3e-3 * (1 + Math.abs(difference))));
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void scratchOfABatchDoesNotShowInTheNext(Network network) {
        float[] parameters = parameters(network);
        Matrix x = random(network.inputSize(), ROWS, 2);
        Matrix dLogits = random(network.outputSize(), ROWS, 4);
        Backpropagation used = new Backpropagation(network, LOSS, 2 * ROWS);
        for (int rows : new int[] {2 * ROWS, 1, 3}) {
            Matrix other = random(network.inputSize(), rows, 6);
            used.addGradient(
                    parameters, other, random(network.outputSize(), rows, 7), null, new GradientSum(network.length()));
            used.addOutputGradient(
                    parameters, other, random(network.outputSize(), rows, 8), null, Matrix.zeros(other.rows(), rows));
        }
        float[] gradient = new float[network.length()];
        Matrix dx = Matrix.zeros(network.inputSize(), ROWS);
        Matrix logits = used.addOutputGradient(parameters, x, dLogits, gradient, dx);

        float[] expected = new float[network.length()];
        Matrix expectedDx = Matrix.zeros(network.inputSize(), ROWS);
        Matrix expectedLogits = new Backpropagation(network, LOSS, ROWS)
                .addOutputGradient(parameters, x, dLogits, expected, expectedDx);
        assertThat(gradient).containsExactly(expected);
        assertThat(dx.values()).containsExactly(expectedDx.values());
        assertThat(Arrays.copyOf(logits.values(), logits.size()))
                .containsExactly(Arrays.copyOf(expectedLogits.values(), logits.size()));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void theGradientOfTheLossIsThatOfTheOutputsFedWithTheLossesOwn(Network network) {
        float[] parameters = parameters(network);
        Matrix x = random(network.inputSize(), ROWS, 2);
        Matrix target = random(network.outputSize(), ROWS, 3);
        Backpropagation backpropagation = new Backpropagation(network, LOSS, ROWS);
        GradientSum sum = new GradientSum(network.length());
        backpropagation.addGradient(parameters, x, target, null, sum);

        Matrix dLogits = Matrix.zeros(network.outputSize(), ROWS);
        double loss = LOSS.sum(backpropagation.forward(parameters, x), target, null, dLogits);
        float[] gradient = new float[network.length()];
        backpropagation.addOutputGradient(parameters, x, dLogits, gradient, null);
        assertThat(gradient).containsExactly(sum.gradient());
        assertThat(sum.losses().loss()).isEqualTo(loss);
    }

    /** W₁x + b₁ + W₂x + b₂ = (W₁ + W₂) x + (b₁ + b₂): both branches have the gradient of the one layer. */
    @Test
    void addedBranchesOfDenseLayersAreOneDenseLayer() {
        Network graph =
                Network.builder(3).dense(2).from(INPUT).dense(2).addition(0, 1).build();
        Network single = Network.builder(3).dense(2).build();
        float[] parameters = parameters(graph);
        float[] summed = new float[single.length()];
        for (int i = 0; i < summed.length; i++) {
            summed[i] = parameters[i] + parameters[summed.length + i];
        }
        Run run = Run.of(graph, parameters);
        Run expected = Run.of(single, summed);

        run.assertOutputs(expected);
        assertThat(Arrays.copyOf(run.gradient, summed.length)).containsExactly(expected.gradient, within(1e-5f));
        assertThat(Arrays.copyOfRange(run.gradient, summed.length, 2 * summed.length))
                .containsExactly(expected.gradient, within(1e-5f));
    }

    /** [W₁ W₂][x; x] = (W₁ + W₂) x. */
    @Test
    void theInputTakenTwiceMeetsTheSumOfTheWeights() {
        Network graph = Network.builder(3).from(INPUT, INPUT).dense(2, false).build();
        Network single = Network.builder(3).dense(2, false).build();
        float[] parameters = parameters(graph);
        float[] summed = new float[6];
        for (int i = 0; i < 6; i++) {
            summed[i] = parameters[i] + parameters[6 + i];
        }
        Run run = Run.of(graph, parameters);
        Run expected = Run.of(single, summed);

        run.assertOutputs(expected);
        assertThat(Arrays.copyOf(run.gradient, 6)).containsExactly(expected.gradient, within(1e-5f));
        assertThat(Arrays.copyOfRange(run.gradient, 6, 12)).containsExactly(expected.gradient, within(1e-5f));
    }

    /** [V₁ V₂][W₁x; W₂x]: two dense layers side by side are one whose W is stacked. */
    @Test
    void concatenatedBranchesAreOneWideLayer() {
        Network graph = Network.builder(3)
                .dense(2)
                .from(INPUT)
                .dense(4)
                .concatenation(0, 1)
                .activation(new Tanh())
                .dense(2)
                .build();
        Network wide =
                Network.builder(3).dense(6).activation(new Tanh()).dense(2).build();
        float[] parameters = parameters(graph);
        float[] stacked = new float[wide.length()];
        stack(graph, wide, parameters, stacked);
        Run run = Run.of(graph, parameters);
        Run expected = Run.of(wide, stacked);

        run.assertOutputs(expected);
        float[] gradient = new float[wide.length()];
        stack(graph, wide, run.gradient, gradient);
        assertThat(gradient).containsExactly(expected.gradient, within(1e-5f));
    }

    private static void stack(Network graph, Network wide, float[] from, float[] to) {
        Dense all = (Dense) wide.layers().get(0);
        for (int i = 0; i < 2; i++) {
            Dense part = (Dense) graph.layers().get(i);
            Slice slice = graph.slice(i, from);
            for (int row = 0; row < part.outputSize(); row++) {
                for (int column = 0; column < 3; column++) {
                    all.weights(wide.slice(0, to))
                            .set(2 * i + row, column, part.weights(slice).get(row, column));
                }
                all.biases(wide.slice(0, to))
                        .set(2 * i + row, 0, part.biases(slice).get(row, 0));
            }
        }
        System.arraycopy(
                from,
                graph.layout().offset(4),
                to,
                wide.layout().offset(2),
                wide.length() - wide.layout().offset(2));
    }

    /** x + W x = (1 + W) x; the gradient of W is that of 1 + W. */
    @Test
    void aResidualOfADenseLayerIsADenseLayer() {
        Network graph = Network.builder(3).residual(block -> block.dense(3)).build();
        Network single = Network.builder(3).dense(3).build();
        float[] parameters = parameters(graph);
        float[] plusOne = parameters.clone();
        for (int i = 0; i < 3; i++) {
            plusOne[4 * i] += 1;
        }
        Run run = Run.of(graph, parameters);
        Run expected = Run.of(single, plusOne);

        run.assertOutputs(expected);
        assertThat(run.gradient).containsExactly(expected.gradient, within(1e-5f));
    }

    /** An identity in a chain changes no bit. */
    @Test
    void aLayerThatPassesOnChangesNothing() {
        Network plain = Network.perceptron(new Tanh(), 3, 4, 2);
        Network passing = Network.builder(3)
                .concatenation(INPUT)
                .dense(4)
                .activation(new Tanh())
                .activation(new Identity())
                .dense(2)
                .build();
        float[] parameters = parameters(plain);

        assertThat(Run.of(passing, parameters).gradient).containsExactly(Run.of(plain, parameters).gradient);
    }

    /** Outputs and gradients of one batch. */
    private record Run(float[] logits, float[] gradient, float[] dx) {
        static Run of(Network network, float[] parameters) {
            Matrix x = random(network.inputSize(), ROWS, 2);
            Matrix dLogits = random(network.outputSize(), ROWS, 4);
            float[] gradient = new float[network.length()];
            Matrix dx = Matrix.zeros(network.inputSize(), ROWS);
            Matrix logits =
                    new Backpropagation(network, LOSS, ROWS).addOutputGradient(parameters, x, dLogits, gradient, dx);
            return new Run(logits.values().clone(), gradient, dx.values());
        }

        void assertOutputs(Run expected) {
            assertThat(logits).containsExactly(expected.logits, within(1e-5f));
            assertThat(dx).containsExactly(expected.dx, within(1e-5f));
        }
    }

    @Test
    void aGradientOfTheWrongShapeIsRefused() {
        Network network = Network.builder(3).dense(2).build();
        Backpropagation backpropagation = new Backpropagation(network, LOSS, ROWS);
        Matrix x = random(3, ROWS, 0);
        Matrix dLogits = random(2, ROWS, 0);
        float[] parameters = parameters(network);
        assertThatThrownBy(() -> backpropagation.addOutputGradient(parameters, x, random(3, ROWS, 0), null, null))
                .hasMessage("the gradient of the outputs is [3 x 5], the outputs are [2 x 5]");
        assertThatThrownBy(() -> backpropagation.addOutputGradient(parameters, x, dLogits, null, random(3, 4, 0)))
                .hasMessage("the gradient of the input is [3 x 5], not [3 x 4]");
        assertThatThrownBy(() -> backpropagation.addOutputGradient(parameters, x, dLogits, new float[7], null))
                .hasMessageContaining("has 8 entries, not 7");
        assertThatThrownBy(() -> backpropagation.forward(parameters, random(3, ROWS + 1, 0)))
                .hasMessageContaining("at most 5 rows");
    }

    @Test
    void contradictionsOfAGraphAreRefused() {
        Dense two = new Dense(2, 2, new GlorotUniform());
        assertRefused("layer 0 takes nothing", List.of(two), List.of(List.of()));
        assertRefused("layer 0 takes layer 0", List.of(two), List.of(List.of(0)));
        assertRefused("layer 0 takes layer -2", List.of(two), List.of(List.of(-2)));
        assertRefused("no layer takes layer 0", List.of(two, two), List.of(List.of(-1), List.of(-1)));
        assertRefused("1 layers have 2 lists of inputs", List.of(two), List.of(List.of(-1), List.of(-1)));
        assertRefused(
                "layer 0 and layer 0 gives 4 values but layer 1 takes 2",
                List.of(two, two),
                List.of(List.of(-1), List.of(0, 0)));
        assertRefused(
                "the network's input gives 2 values but layer 1 takes 3",
                List.of(two, new Dense(3, 1, new GlorotUniform()), new Concatenate(3)),
                List.of(List.of(-1), List.of(-1), List.of(0, 1)));
        assertRefused(
                "the network's input and the network's input gives 2 values but layer 0 takes 3",
                List.of(new Concatenate(3)),
                List.of(List.of(-1, -1)));
    }

    private static void assertRefused(String says, List<Layer> layers, List<List<Integer>> inputs) {
        assertThatThrownBy(() -> new Network(layers, inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    private static float[] parameters(Network network) {
        float[] parameters = network.initialParameters(1);
        SplitMix random = SplitMix.at(9, 0, 0, 0);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (0.3 * random.nextGaussian()); // biases too
        }
        return parameters;
    }

    private static Matrix random(int rows, int columns, long seed) {
        SplitMix random = SplitMix.at(seed, 1, 0, 0);
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }

    private static double dot(Matrix a, Matrix b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += (double) a.values()[a.offset() + i] * b.values()[b.offset() + i];
        }
        return sum;
    }
}
