package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.BinaryCrossEntropy;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.SquaredHinge;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorTest {
    static List<Model> all() {
        return TestModels.all();
    }

    private static float[] values(Matrix matrix) {
        float[] values = new float[matrix.size()];
        System.arraycopy(matrix.values(), matrix.offset(), values, 0, values.length);
        return values;
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBatchGivesWhatItsRowsGiveAlone(Model model) {
        Predictor predictor = model.predictor(7);
        for (int rows : new int[] {7, 1, 3, 2, 7}) {
            List<Example> batch = new ArrayList<>();
            for (int n = 0; n < rows; n++) {
                batch.add(Example.dense(TestModels.row(model, n), 0));
            }
            predictor.load(batch);
            Matrix prediction = predictor.predict();

            assertThat(prediction.columns()).isEqualTo(rows);
            for (int n = 0; n < rows; n++) {
                float[] alone = model.predict(batch.get(n).values());
                for (int k = 0; k < alone.length; k++) { // the order of a BLAS's sums may depend on the batch
                    assertThat(prediction.get(k, n)).isCloseTo(alone[k], within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void rowsOfAnyFormGiveTheSameBits(Model model) {
        int features = model.network().inputSize();
        float[] dense = new float[features];
        dense[features - 1] = 0.7f;
        dense[0] = -1.3f;
        Example sparse = Example.sparse(new int[] {0, features - 1}, new float[] {-1.3f, 0.7f}, 0);
        Predictor predictor = model.predictor(2);

        predictor.load(List.of(Example.dense(dense, 0)));
        int[] expected = bits(values(predictor.predict()));
        predictor.load(new float[2 * features], 2); // leaves nothing behind
        predictor.load(List.of(sparse));
        assertThat(bits(values(predictor.predict()))).isEqualTo(expected);
        predictor.load(dense, 1);
        assertThat(bits(values(predictor.predict()))).isEqualTo(expected);
    }

    @Test
    void aSparseRowWithoutEntriesIsARowOfZeros() {
        Predictor predictor = TestModels.line().predictor(1);
        predictor.load(List.of(Example.sparse(new int[0], new float[0], 0)));
        assertThat(values(predictor.predict())).containsExactly(10); // 10 + 4 (−1 + 0.5 + 0.5)
    }

    @Test
    void logitsAreBeforeTheLabelIsScaledBackAndStayWhilePredicting() {
        Predictor predictor = TestModels.line().predictor(2);
        predictor.load(new float[] {3, 6, 1, 2}, 2);
        assertThat(values(predictor.predict())).containsExactly(16, 12);
        assertThat(values(predictor.logits())).containsExactly(1.5f, 0.5f);
        assertThat(values(predictor.predict())).containsExactly(16, 12);
    }

    @Test
    void noRowsGiveNoPredictions() {
        Predictor predictor = TestModels.classes().predictor(3);
        assertThat(predictor.predict().columns()).isZero();
        predictor.load(List.of());
        assertThat(predictor.predict().columns()).isZero();
        assertThat(predictor.logits().columns()).isZero();
    }

    @Test
    void rowsOfAnotherWidthAreRefused() {
        Network network = Network.perceptron(new Tanh(), 64, 1);
        Model model = new Model(network, new SquaredError(), Preprocessing.none(), new float[65], Map.of());
        Predictor predictor = model.predictor(4);
        String narrow = "row has 30 features but the model takes 64";
        String wide = "row has 65 features but the model takes 64";

        assertRefused(() -> model.predict(new float[30]), narrow);
        assertRefused(() -> model.predict(new float[65]), wide);
        assertRefused(() -> predictor.load(List.of(Example.dense(new float[30], 0))), narrow);
        assertRefused(() -> predictor.load(List.of(Example.dense(new float[65], 0))), wide);
        assertRefused(() -> predictor.load(List.of(Example.sparse(new int[] {64}, new float[1], 0))), wide);
        assertRefused(
                () -> predictor.load(new float[100], 2),
                "100 values are not 2 rows of the 64 features that the model takes");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void featuresThatAreNotFiniteAreRefused(float bad) {
        assertRefused(
                () -> TestModels.binary().predict(new float[] {1, bad, 1}),
                "feature 1 of row 0 is " + bad + ": the model takes finite numbers");
        assertRefused(
                () -> TestModels.line().predictor(2).load(new float[] {1, 1, bad, 1}, 2),
                "feature 0 of row 1 is " + bad + " when scaled: the model takes finite numbers");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(DataException.class).hasMessage(message);
    }

    @Test
    void moreRowsThanThereIsRoomForAreRefused() {
        Predictor predictor = TestModels.line().predictor(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> predictor.load(new float[6], 3))
                .withMessage("3 rows for a predictor of at most 2 rows");
        assertThatIllegalArgumentException().isThrownBy(() -> TestModels.line().predictor(0));
    }

    @Test
    void thePredictedClassIsTheFirstOfTheMostProbable() {
        Matrix several = new Matrix(new float[] {0.2f, 0.4f, 0.4f, 0.6f, 0.3f, 0.1f}, 0, 3, 2);
        assertThat(Predictor.mostProbableClass(several, 0)).isEqualTo(1);
        assertThat(Predictor.mostProbableClass(several, 1)).isZero();
        Matrix one = new Matrix(new float[] {0.5f, Math.nextUp(0.5f)}, 0, 1, 2);
        assertThat(Predictor.mostProbableClass(one, 0)).isZero();
        assertThat(Predictor.mostProbableClass(one, 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {-40, -20, -1, 0, 0.3f, 20, 40})
    void ofOneOutputBothProbabilitiesAreExact(float z) {
        Network network = Network.builder(1).dense(1).build();
        for (Loss loss :
                List.of(new SigmoidCrossEntropy(), new Hinge(), new SquaredHinge(), new BinaryCrossEntropy())) {
            Predictor predictor =
                    new Model(network, loss, Preprocessing.none(), new float[] {1, 0}, Map.of()).predictor(1);
            boolean given = loss.outputRange() == OutputRange.PROBABILITY;
            predictor.load(new float[] {given ? 0.3f : z}, 1);
            predictor.predict();
            double yes = given ? 0.3f : 1 / (1 + Math.exp(-z));
            double no = given ? 1 - (double) 0.3f : 1 / (1 + Math.exp(z));
            assertThat(predictor.probability(1, 0)).isCloseTo(yes, within(1e-15 * yes + 1e-16));
            assertThat(predictor.probability(0, 0)).isPositive().isCloseTo(no, within(1e-12 * no + 1e-16 * yes));
            assertThat(predictor.probability(0, 0) + predictor.probability(1, 0))
                    .isEqualTo(1);
        }
    }
}
