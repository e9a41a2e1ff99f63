package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Penalties, weight decay, max-norm and clipping. */
class RegularizationTest {
    /** W [2 × 3], a bias, and two entries behind the parameters. */
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            Tensor.place(0, 0, List.of(Parameter.weight("W", 2, 3), Parameter.bias("b", 2))), false);

    private static float[] parameters() {
        return new float[] {1, -2, 0, 3, -0.0f, 4, 5, -6, 7, 8};
    }

    @Test
    void thePenaltyIsOfTheWeightsAndDividedByTheRows() {
        Penalty penalty = new Penalty(0.5, 3);
        double l1 = 1 + 2 + 3 + 4;
        double l2 = (1 + 4 + 9 + 16) / 2.0;
        assertThat(penalty.value(LAYOUT, parameters(), 10)).isCloseTo((0.5 * l1 + 3 * l2) / 10, within(1e-15));
        float[] gradient = new float[10];
        Arrays.fill(gradient, 1);
        penalty.addGradient(LAYOUT, parameters(), 10, gradient);
        // 1 + (3 w + 0.5 sign w)/10, and sign 0 = 0
        assertThat(gradient)
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(1.35f, 0.35f, 1, 1.95f, 1, 2.25f, 1, 1, 1, 1);
    }

    @Test
    void theGradientOfThePenaltyIsItsDerivative() {
        ParameterLayout layout = ParameterLayout.of(6);
        Penalty penalty = new Penalty(0.7, 0.2);
        float[] w = {0.5f, -1, 2, -3, 0.25f, 8};
        float[] gradient = new float[6];
        penalty.addGradient(layout, w, 4, gradient);
        for (int i = 0; i < 6; i++) {
            float[] up = w.clone();
            float[] down = w.clone();
            up[i] += 0.125f;
            down[i] -= 0.125f;
            double slope = (penalty.value(layout, up, 4) - penalty.value(layout, down, 4)) / 0.25;
            assertThat((double) gradient[i]).isCloseTo(slope, within(1e-6));
        }
    }

    @Test
    void noPenaltyIsNothing() {
        float[] gradient = {1, 2, 3, 4, 5, 6, 7, 8};
        new Penalty().addGradient(LAYOUT, parameters(), 10, gradient);
        assertThat(gradient).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(new Penalty().value(LAYOUT, parameters(), 10)).isZero();
        assertThat(new Penalty().isNone()).isTrue();
        assertThat(new Penalty(0, 1).isNone()).isFalse();
        assertThat(new Penalty(1, 0).isNone()).isFalse();
    }

    @Test
    void penaltiesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Penalty(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Penalty(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Penalty(1, 0).value(LAYOUT, parameters(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trainingRows");
        assertThatThrownBy(() -> new WeightDecay(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MaxNorm(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Clipping(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Clipping(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void weightDecayShrinksTheWeights() {
        float[] parameters = parameters();
        new WeightDecay(0.5).apply(LAYOUT, 0.5, parameters);
        assertThat(parameters).containsExactly(0.75f, -1.5f, 0, 2.25f, 0, 3, 5, -6, 7, 8);
    }

    /** Loshchilov and Hutter 2019, proposition 1: θ − η (g + λ θ). */
    @Test
    void weightDecayWithGradientDescentIsAPenalty() {
        ParameterLayout layout = ParameterLayout.of(3);
        Sgd sgd = new Sgd();
        float[] decayed = {1, -2, 4};
        float[] penalised = decayed.clone();
        float[] gradient = {0.5f, 0.25f, -1};
        new WeightDecay(0.125).apply(layout, 0.5, decayed);
        sgd.step(sgd.initialState(layout), 0.5, gradient, decayed);
        new Penalty(0, 0.125).addGradient(layout, penalised, 1, gradient);
        sgd.step(sgd.initialState(layout), 0.5, gradient, penalised);
        assertThat(decayed).containsExactly(penalised);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 40})
    void maxNormScalesBackTheRowsThatAreTooLong(int rows) {
        int columns = 5;
        ParameterLayout layout = new ParameterLayout(
                Tensor.place(
                        0,
                        0,
                        List.of(Parameter.bias("a", 3), Parameter.weight("W", rows, columns), Parameter.bias("b", 1))),
                false);
        Random random = new Random(rows);
        float[] before = new float[layout.parameterCount() + 2];
        for (int i = 0; i < before.length; i++) {
            before[i] = (float) (2 * random.nextGaussian());
        }
        float[] after = before.clone();
        new MaxNorm(4).apply(layout, after);
        int scaled = 0;
        for (int row = 0; row < rows; row++) {
            double squares = 0;
            for (int column = 0; column < columns; column++) {
                squares += Math.pow(before[3 + column * rows + row], 2);
            }
            double scale = Math.min(1, 4 / Math.sqrt(squares));
            scaled += scale < 1 ? 1 : 0;
            for (int column = 0; column < columns; column++) {
                int i = 3 + column * rows + row;
                assertThat(after[i]).isEqualTo((float) (scale * before[i]));
                after[i] = before[i];
            }
        }
        assertThat(after).as("nothing else").containsExactly(before);
        assertThat(rows < 15 || (scaled > 0 && scaled < rows))
                .as("both kinds of rows")
                .isTrue();
    }

    @Test
    void clippingByValueIsEntryByEntry() {
        float[] gradient = {0.5f, -0.5f, 3, -3, 0.75f, Float.NaN, Float.NEGATIVE_INFINITY, 9};
        clip(new Clipping(0.75, 0), 7, gradient);
        assertThat(gradient).containsExactly(0.5f, -0.5f, 0.75f, -0.75f, 0.75f, Float.NaN, -0.75f, 9);
    }

    @Test
    void clippingByNormKeepsTheDirection() {
        float[] gradient = {3, -4, 12, 100};
        clip(new Clipping(0, 6.5), 3, gradient);
        assertThat(gradient).containsExactly(1.5f, -2, 6, 100);
        clip(new Clipping(0, 6.5), 3, gradient);
        assertThat(gradient).as("exactly the limit is not too long").containsExactly(1.5f, -2, 6, 100);
    }

    @Test
    void theNormIsOfWhatClippingByValueLeaves() {
        float[] gradient = {30, 4};
        clip(new Clipping(3, 2.5), 2, gradient);
        assertThat(gradient[0]).isEqualTo(gradient[1]).isCloseTo((float) (2.5 / Math.sqrt(2)), within(1e-6f));
    }

    @Test
    void aNormThatFloat32CannotHoldIsClippedToo() {
        float[] gradient = {3e30f, 4e30f};
        clip(new Clipping(0, 5), 2, gradient);
        assertThat(gradient).containsExactly(new float[] {3, 4}, within(1e-6f));
    }

    @Test
    void clippingDoesNotHideThatATrainingDiverged() {
        float[] infinite = {1, Float.POSITIVE_INFINITY};
        clip(new Clipping(0, 5), 2, infinite);
        assertThat(infinite[1]).isNaN();
        float[] nan = {1, Float.NaN};
        clip(new Clipping(0, 0.5), 2, nan);
        assertThat(nan[1]).isNaN();
    }

    /** Both forms, in the order of an update. */
    private static void clip(Clipping clipping, int count, float[] gradient) {
        clipping.clipValues(gradient, 0, count);
        clipping.clipNorm(gradient, count);
    }
}
