package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    private static final Network TWO_TO_ONE = Network.perceptron(new Tanh(), 2, 1);

    static List<Model> all() {
        return TestModels.all();
    }

    /** 4 bytes a number: 1,024 rows of 4,096 numbers are 16 MB. */
    @ParameterizedTest
    @CsvSource({"4096,1,1024", "1,4096,1024", "4097,1,1023", "10000000,1,1", "10,10,5000"})
    void rowsOfABlockTakeAtMost16MegabytesInTheWidestLayer(int inputs, int outputs, int rows) {
        Network network = Network.perceptron(new Tanh(), inputs, outputs);
        Model model =
                new Model(network, new SquaredError(), Preprocessing.none(), new float[network.length()], Map.of());
        assertThat(model.blockRows(5000)).isEqualTo(rows);
        assertThat(model.blockRows(1)).isEqualTo(1);
    }

    private static Model twoToOne(Loss loss, Preprocessing preprocessing, float... parameters) {
        return new Model(TWO_TO_ONE, loss, preprocessing, parameters, Map.of());
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 12", "3, 6, 16", "-1, 10, -4", "2, 2, 16"})
    void aRegressionPredictsInTheLabelsOwnUnits(float a, float b, float expected) {
        // 10 + 4 (2 (a − 1)/2 − (b − 2)/4 + 0.5), exact in binary
        assertThat(TestModels.line().predict(new float[] {a, b})).containsExactly(expected);
    }

    @Test
    void aSigmoidUnitPredictsTheProbabilityOfClassOne() {
        // logits: ln 3 · a, so odds of 3^a
        Model model = twoToOne(new SigmoidCrossEntropy(), Preprocessing.none(), (float) Math.log(3), 0, 0);

        assertThat(model.predict(new float[] {1, 5})).containsExactly(new float[] {0.75f}, within(1e-6f));
        assertThat(model.predict(new float[] {-1, 5})).containsExactly(new float[] {0.25f}, within(1e-6f));
        assertThat(model.predict(new float[] {0, 5})).containsExactly(0.5f);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-1, 0", "0, 0", "0.001, 1"})
    void aSigmoidUnitPredictsClassOneAboveOneHalf(float logit, int expected) {
        Model model = twoToOne(new SigmoidCrossEntropy(), Preprocessing.none(), 1, 0, 0);
        assertThat(model.predictClass(new float[] {logit, 0})).isEqualTo(expected);
    }

    @Test
    void softmaxPredictsProbabilitiesAndTheClassOfTheLargest() {
        // W = 0, b = ln 1, ln 5, ln 2, ln 2: the odds are 1 : 5 : 2 : 2, the last two change with the feature
        Network network = Network.perceptron(new Tanh(), 1, 4);
        float[] parameters = {0, 0, 1, 1, 0, (float) Math.log(5), (float) Math.log(2), (float) Math.log(2)};
        Model model = new Model(network, new SoftmaxCrossEntropy(), Preprocessing.none(), parameters, Map.of());

        assertThat(model.predict(new float[] {0})).containsExactly(new float[] {0.1f, 0.5f, 0.2f, 0.2f}, within(1e-6f));
        assertThat(model.predictClass(new float[] {0})).isEqualTo(1);
        assertThat(model.predictClass(new float[] {2}))
                .as("the first of equal ones")
                .isEqualTo(2);
    }

    @Test
    void aHiddenLayerIsComputedAsTheFormulaSays() {
        // y = 3 tanh(2 x − 1) − 0.5 tanh(−x) + 0.25
        Network network = Network.perceptron(new Tanh(), 1, 2, 1);
        float[] parameters = {2, -1, -1, 0, 3, -0.5f, 0.25f};
        Model model = new Model(network, new SquaredError(), Preprocessing.none(), parameters, Map.of());
        for (float x : new float[] {-2, 0, 0.3f, 5}) {
            double expected = 3 * Math.tanh(2 * x - 1) - 0.5 * Math.tanh(-x) + 0.25;
            assertThat(model.predict(new float[] {x})[0]).isCloseTo((float) expected, within(1e-5f));
        }
    }

    @Test
    void classesAreCalledAsTheTrainingDataCalledThem() {
        assertThat(TestModels.binary().className(1)).isEqualTo("yes");
        assertThat(twoToOne(new SigmoidCrossEntropy(), Preprocessing.none(), 0, 0, 0)
                        .className(1))
                .isEqualTo("1");
        assertThat(TestModels.binary().classCount()).isEqualTo(2);
        assertThat(TestModels.line().classCount()).isZero();
        assertThatThrownBy(() -> TestModels.binary().className(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aModelWithoutClassesPredictsNone() {
        assertThatThrownBy(() -> TestModels.line().predictClass(new float[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no classes to choose from with squared-error and 1 outputs");
        Network threeQuestions = Network.perceptron(new Tanh(), 1, 3);
        Model model =
                new Model(threeQuestions, new SigmoidCrossEntropy(), Preprocessing.none(), new float[6], Map.of());
        assertThatThrownBy(() -> model.predictClass(new float[1])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theWeightsHashIsThatOfLittleEndianFloats() {
        // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0\x00\x00\x00\x3f' | sha256sum
        Model model = twoToOne(new SquaredError(), Preprocessing.none(), 1, -2, 0.5f);
        assertThat(model.weightsSha256()).isEqualTo("2ce4bdb6b34a50ac7092eb9fee94337a27498e9eb9bae44192f15b88831b2422");
    }

    @Test
    void aModelKeepsItsOwnCopies() {
        float[] parameters = {2, -1, 0.5f};
        Map<String, String> provenance = new TreeMap<>(Map.of("seed", "1"));
        Model model = new Model(TWO_TO_ONE, new SquaredError(), Preprocessing.none(), parameters, provenance);
        parameters[0] = 9;
        provenance.put("seed", "2");
        model.parameters()[1] = 9;

        assertThat(model.parameters()).containsExactly(2, -1, 0.5f);
        assertThat(model.provenance()).containsExactly(Map.entry("seed", "1"));
        assertThatThrownBy(() -> model.provenance().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void parametersAreFinite(float bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twoToOne(new SquaredError(), Preprocessing.none(), 1, bad, 1))
                .withMessage("parameter 1 is " + bad);
    }

    @Test
    void partsThatDoNotFitAreRefusedWithTheNumbers() {
        Standardizer three = new Standardizer(new double[3], new double[] {1, 1, 1});
        Standardizer one = new Standardizer(new double[1], new double[] {1});
        List<String> none = List.of();
        List<String> two = List.of("a", "b");

        assertRefused(new SquaredError(), Preprocessing.none(), 2, "the network has 3 parameters, not 2");
        assertRefused(
                new SquaredError(),
                new Preprocessing(List.of("a"), null, none, null, null),
                3,
                "1 feature names for 2 inputs");
        assertRefused(
                new SquaredError(),
                new Preprocessing(two, null, none, three, null),
                3,
                "3 scaled features for 2 inputs");
        assertRefused(
                new SquaredError(), new Preprocessing(none, null, two, null, null), 3, "2 class names for 0 classes");
        assertRefused(
                new SigmoidCrossEntropy(),
                new Preprocessing(none, null, List.of("a", "b", "c"), null, null),
                3,
                "3 class names for 2 classes");
        assertRefused(
                new SigmoidCrossEntropy(),
                new Preprocessing(none, null, none, null, one),
                3,
                "1 scaled labels for sigmoid-cross-entropy with 1 outputs: a regression has as many, others none");
        assertRefused(
                new SquaredError(),
                new Preprocessing(none, null, none, null, three),
                3,
                "3 scaled labels for squared-error with 1 outputs: a regression has as many, others none");
        assertRefused(
                new SigmoidCrossEntropy(),
                new Preprocessing(none, null, none, null, null, null, LabelScale.LOG),
                3,
                "the label scale log is not for sigmoid-cross-entropy");
    }

    private static void assertRefused(Loss loss, Preprocessing preprocessing, int parameters, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> twoToOne(loss, preprocessing, new float[parameters]))
                .withMessage(message);
    }

    @ParameterizedTest
    @MethodSource("all")
    void manyThreadsAtOncePredictTheSameBits(Model model) throws Exception {
        int threads = 8;
        List<int[]> expected = predictions(model);
        CountDownLatch together = new CountDownLatch(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<int[]>>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> {
                    together.countDown();
                    together.await();
                    return predictions(model);
                }));
            }
            for (Future<List<int[]>> result : results) {
                assertThat(result.get()).usingRecursiveComparison().isEqualTo(expected);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<int[]> predictions(Model model) {
        List<int[]> predictions = new ArrayList<>();
        for (int seed = 0; seed < 300; seed++) {
            predictions.add(bits(model.predict(TestModels.row(model, seed))));
        }
        return predictions;
    }
}
