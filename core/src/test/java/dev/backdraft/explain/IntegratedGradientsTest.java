package dev.backdraft.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Network;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Integrated gradients against what they must be: complete, and equal to Shapley values where both are defined alike.
 */
class IntegratedGradientsTest {
    private static final double COMPLETE = 1e-4;
    private static final int NUMBERS = 5;
    private static final List<String> COLUMNS = List.of("age", "city", "color", "opened", "same");

    private static Model random(Network network, Loss loss, Preprocessing preprocessing) {
        return new Model(network, loss, preprocessing, network.initialParameters(7), Map.of());
    }

    private static float[] numbers(int seed, double size) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        float[] x = new float[NUMBERS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (size * random.nextGaussian());
        }
        return x;
    }

    /** Rows of a table with gaps; the label is the sum of something of each column, and of a product. */
    private static List<Example> table(int count, boolean classes) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] cells = cells(i);
            double age = cells[0].isEmpty() ? 3 : Integer.parseInt(cells[0]) / 10.0;
            double y = age + cells[1].hashCode() % 5 + (cells[2].equals("red") ? age : 0) + i % 7;
            rows.add(Example.raw(Cells.of(cells), classes ? Math.floorMod((int) y, 3) : y));
        }
        return rows;
    }

    private static String[] cells(int i) {
        SplitMix random = SplitMix.at(11, i, 0, 0);
        String[] colors = {"red", "green", "blue", ""};
        return new String[] {
            i % 9 == 0 ? "" : Integer.toString(20 + random.nextInt(50)),
            i % 3 == 0 ? "c7" : "c" + random.nextInt(20),
            colors[random.nextInt(4)],
            i % 11 == 0 ? "" : "2024-" + (10 + random.nextInt(3)) + "-" + (10 + random.nextInt(15)),
            "x"
        };
    }

    private static Model trained(boolean classes, int... hidden) throws IOException {
        TrainingDraft draft = TrainingDraft.automatic().withHidden(hidden).with("epochs", IntNode.valueOf(4));
        return LocalTraining.train(
                draft, ColumnSettings.STANDARD, new MemorySource(table(400, classes), COLUMNS, "y"), 2, List.of());
    }

    private static double sum(Contributions contributions) {
        return contributions.values().stream().mapToDouble(v -> v).sum();
    }

    private static void assertComplete(Contributions of) {
        double size = of.values().stream().mapToDouble(Math::abs).sum();
        double scale = Math.max(size, Math.max(Math.abs(of.output()), Math.abs(of.baseline())));
        assertThat(sum(of)).isCloseTo(of.output() - of.baseline(), within(COMPLETE * scale));
        assertThat(of.gap()).isCloseTo(sum(of) - (of.output() - of.baseline()), within(1e-9 * scale));
    }

    /**
     * Shapley values of a function of sets of columns, by their definition: the weighted mean over all sets without a
     * column.
     */
    private static double[] shapley(int columns, ToDoubleFunction<boolean[]> f) {
        double[] values = new double[columns];
        for (int set = 0; set < 1 << columns; set++) {
            boolean[] with = new boolean[columns];
            int size = 0;
            for (int i = 0; i < columns; i++) {
                with[i] = (set >> i & 1) == 1;
                size += with[i] ? 1 : 0;
            }
            double value = f.applyAsDouble(with);
            for (int i = 0; i < columns; i++) {
                int others = size - (with[i] ? 1 : 0);
                double weight = factorial(others) * factorial(columns - others - 1) / factorial(columns);
                values[i] += with[i] ? weight * value : -weight * value;
            }
        }
        return values;
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    private static double[] shapley(Model model, float[] x, int output) {
        Predictor predictor = model.predictor(1);
        return shapley(x.length, with -> {
            float[] mixed = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                mixed[i] = with[i] ? x[i] : 0;
            }
            predictor.load(mixed, 1);
            return predictor.logits().get(output, 0);
        });
    }

    private static Stream<Network> networks() {
        return Stream.of(
                Network.perceptron(new Relu(), NUMBERS, 64, 64, 3),
                Network.perceptron(new Tanh(), NUMBERS, 30, 3),
                Network.builder(NUMBERS)
                        .repeat(4)
                        .batchEnsemble(4, 16, true)
                        .activation(new Relu())
                        .batchEnsemble(4, 3, false)
                        .ensembleMean(4, EnsembleAverage.SOFTMAX)
                        .build(),
                Network.builder(NUMBERS)
                        .dense(20)
                        .batchNorm()
                        .activation(new Relu())
                        .dropout(0.5)
                        .layerNorm()
                        .dense(3)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void contributionsSumUpToTheDifference(Network network) {
        IntegratedGradients gradients =
                new IntegratedGradients(random(network, new SoftmaxCrossEntropy(), Preprocessing.none()));
        for (int seed = 0; seed < 20; seed++) {
            assertComplete(gradients.of(Example.dense(numbers(seed, 3), 0)));
        }
    }

    @Test
    void contributionsOfATableSumUpToTheDifference() throws IOException {
        Model model = trained(true, 16);
        IntegratedGradients gradients = new IntegratedGradients(model);
        Predictor predictor = model.predictor(1);
        List<Example> rows = table(60, true);
        List<Contributions> all = gradients.of(rows);
        for (int n = 0; n < rows.size(); n++) {
            predictor.load(List.of(rows.get(n)));
            int predicted = predictor.predictValues().predictedClass(0);
            assertComplete(all.get(n));
            assertThat(all.get(n).output()).isEqualTo(predictor.logits().get(predicted, 0), within(1e-5));
            assertThat(all.get(n).values()).hasSize(5);
            assertThat(all.get(n).values().get(4)).isZero(); // a column that is not used
        }
    }

    /**
     * The most frequent city is c7, of equally frequent gaps and colors none is taken, and numbers and dates are the
     * median.
     */
    @Test
    void theDefaultBaselineIsAUsualRow() throws IOException {
        Model model = trained(false, 8);
        String[] usual = {"44", "c7", "blue", "2024-11-17", "x"};
        List<Example> rows = table(400, false);
        IntegratedGradients gradients = new IntegratedGradients(model);
        usual[0] = Long.toString(Math.round(median(rows, 0)));
        usual[3] = LocalDate.ofEpochDay(Math.round(median(rows, 3) / 86_400)).toString();
        usual[2] = mostFrequent(rows, 2);
        Contributions of = gradients.of(Example.raw(Cells.of(usual), 0));
        assertThat(of.output()).isEqualTo(of.baseline());
        assertThat(of.values()).containsOnly(0.0);
    }

    private static double median(List<Example> rows, int column) {
        double[] numbers = rows.stream()
                .filter(row -> !row.cells().isGapAmongNumbers(column))
                .mapToDouble(row -> column == 0
                        ? row.cells().number(0)
                        : 86_400.0 * LocalDate.parse(row.cells().text(3)).toEpochDay())
                .sorted()
                .toArray();
        return numbers[numbers.length / 2];
    }

    private static String mostFrequent(List<Example> rows, int column) {
        String best = "";
        for (String color : List.of("blue", "green", "red", "")) {
            best = count(rows, column, color) > count(rows, column, best) ? color : best;
        }
        return best;
    }

    private static long count(List<Example> rows, int column, String text) {
        return rows.stream()
                .filter(row ->
                        text.equals(row.cells().isGap(column) ? "" : row.cells().text(column)))
                .count();
    }

    /** Without hidden layers, a model is a sum of functions of one column each. */
    @Test
    void ofAnAdditiveModelOfATableTheyAreShapleyValues() throws IOException {
        Model model = trained(false);
        String[] start = cells(1);
        IntegratedGradients gradients = new IntegratedGradients(model, Example.raw(Cells.of(start), 0));
        for (int row = 2; row < 20; row++) {
            String[] end = cells(row);
            double[] expected = shapley(end.length, with -> {
                String[] mixed = start.clone();
                for (int i = 0; i < mixed.length; i++) {
                    mixed[i] = with[i] ? end[i] : start[i];
                }
                return model.predict(Cells.of(mixed))[0];
            });
            Contributions found = gradients.of(Example.raw(Cells.of(end), 0));
            assertThat(found.values().stream().mapToDouble(v -> v).toArray())
                    .containsExactly(expected, within(COMPLETE * Math.max(Math.abs(found.output()), 1)));
        }
    }

    /**
     * Of a quadratic function both are the same, so that near the baseline, where a smooth network is one, the
     * difference vanishes with the third power of the distance.
     */
    @Test
    void nearTheBaselineTheyAreShapleyValues() {
        Model model =
                random(Network.perceptron(new Tanh(), NUMBERS, 30, 3), new SoftmaxCrossEntropy(), Preprocessing.none());
        double far = distanceFromShapley(model, 1);
        double near = distanceFromShapley(model, 0.25);
        assertThat(far).isGreaterThan(1e-3);
        assertThat(near).isLessThan(far / 40);
    }

    private static double distanceFromShapley(Model model, double size) {
        IntegratedGradients gradients = new IntegratedGradients(model);
        double largest = 0;
        for (int seed = 0; seed < 10; seed++) {
            float[] x = numbers(seed, size);
            Contributions found = gradients.of(Example.dense(x, 0), 1);
            double[] expected = shapley(model, x, 1);
            for (int i = 0; i < x.length; i++) {
                largest = Math.max(largest, Math.abs(found.values().get(i) - expected[i]));
            }
        }
        return largest;
    }

    /** Two features that the network takes in the same way share what they add, as Shapley values are symmetrical. */
    @Test
    void equalFeaturesShareEqually() {
        Network network = Network.perceptron(new Relu(), 2, 1, 1);
        Model model =
                new Model(network, new SquaredError(), Preprocessing.none(), new float[] {1, 1, -1, 2, 0.5f}, Map.of());
        Contributions of = new IntegratedGradients(model).of(Example.dense(new float[] {2, 2}, 0));
        assertThat(of.baseline()).isEqualTo(0.5); // relu(0 + 0 − 1) is 0
        assertThat(of.output()).isEqualTo(6.5);
        assertThat(of.values().get(0)).isCloseTo(3, within(1e-3));
        assertThat(of.values().get(1)).isEqualTo(of.values().get(0));
    }

    @Test
    void ofALinearModelTheyAreTheTermsInTheUnitsOfTheLabel() {
        Preprocessing scaled = new Preprocessing(
                List.of("a", "b"),
                "y",
                List.of(),
                new Standardizer(new double[] {10, 20}, new double[] {2, 4}),
                new Standardizer(new double[] {100}, new double[] {50}));
        Model model = new Model(
                Network.perceptron(new Tanh(), 2, 1),
                new SquaredError(),
                scaled,
                new float[] {0.5f, -1, 0.25f},
                Map.of());
        Contributions of = new IntegratedGradients(model).of(Example.dense(new float[] {14, 16}, 0));
        assertThat(of.baseline()).isEqualTo(112.5);
        assertThat(of.values().get(0)).isCloseTo(50, within(1e-3)); // 50 · 0.5 · (14 − 10) / 2
        assertThat(of.values().get(1)).isCloseTo(50, within(1e-3));
        assertThat(of.output()).isEqualTo(model.predict(new float[] {14, 16})[0], within(1e-4));
        assertThat(IntegratedGradients.columns(model)).containsExactly("a", "b");
    }

    @Test
    void ofTwoClassesTheyHaveTheSignOfThePredictedOne() {
        Network one = Network.perceptron(new Tanh(), 2, 1);
        Model sigmoid =
                new Model(one, new SigmoidCrossEntropy(), Preprocessing.none(), new float[] {-1, -2, 0}, Map.of());
        Example row = Example.dense(new float[] {1, 1}, 0);
        Contributions of = new IntegratedGradients(sigmoid).of(row);
        assertThat(of.output()).isEqualTo(3); // of class 0: −z
        assertThat(of.values().get(1)).isCloseTo(2, within(1e-4));
        assertThat(new IntegratedGradients(sigmoid).of(row, 1).values().get(1)).isCloseTo(-2, within(1e-4));
        Model softmax = new Model(
                Network.perceptron(new Tanh(), 2, 2),
                new SoftmaxCrossEntropy(),
                Preprocessing.none(),
                new float[] {1, -1, 2, -2, 0, 0},
                Map.of());
        assertThat(new IntegratedGradients(softmax).of(row).values().get(1)).isCloseTo(2, within(1e-4));
    }

    @Test
    void whatCannotBeExplainedIsRefused() {
        Model several = random(Network.perceptron(new Tanh(), 2, 2), new SquaredError(), Preprocessing.none());
        Example row = Example.dense(new float[] {1, 1}, 0);
        assertThatThrownBy(() -> new IntegratedGradients(several).of(row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 values for a row");
        assertThat(new IntegratedGradients(several).of(row, 1).values()).hasSize(2);
        assertThatThrownBy(() -> new IntegratedGradients(several).of(row, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new IntegratedGradients(several, Example.dense(new float[] {1}, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 features");
        Network both = Network.builder(2)
                .embedding(new Codes(0, 3, 2))
                .from(Network.INPUT)
                .dense(3)
                .addition(0, 1)
                .dense(1)
                .build();
        assertThatThrownBy(() -> new IntegratedGradients(random(both, new SquaredError(), Preprocessing.none())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 1 (dense) takes column 0 as a number");
    }

    /** A code before an embedding, and its one-hot vector before a dense layer with the same weights. */
    @Test
    void aCodeCountsAsItsOneHotVectorDoes() {
        Activation tanh = new Tanh();
        Network coded = Network.builder(2)
                .embedding(new Codes(1, 3, 2))
                .activation(tanh)
                .dense(1)
                .build();
        float[] parameters = {1, -2, 0.5f, 3, -1, 0.25f, 0.7f, -1.3f, 2, 0.1f};
        Model model = new Model(coded, new SquaredError(), Preprocessing.none(), parameters, Map.of());
        Network oneHot = Network.builder(4).dense(3).activation(tanh).dense(1).build();
        float[] dense = {1, 0, 0, 0, 1, -2, 0, 0.5f, 3, 0, -1, 0.25f, 0, 0, 0, 0.7f, -1.3f, 2, 0.1f};
        Model twin = new Model(oneHot, new SquaredError(), Preprocessing.none(), dense, Map.of());
        Contributions found = new IntegratedGradients(model, Example.dense(new float[] {0, 1}, 0))
                .of(Example.dense(new float[] {0.8f, 2}, 0));
        Contributions expected = new IntegratedGradients(twin, Example.dense(new float[] {0, 0, 1, 0}, 0))
                .of(Example.dense(new float[] {0.8f, 0, 0, 1}, 0));
        assertThat(found.values().get(0)).isCloseTo(expected.values().get(0), within(1e-5));
        assertThat(found.values().get(1))
                .isCloseTo(expected.values().get(2) + expected.values().get(3), within(1e-5));
        assertThat(found.output()).isCloseTo(expected.output(), within(1e-6));
    }
}
