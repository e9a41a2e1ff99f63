package dev.backdraft.initializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Start weights are a function of seed and layer, with the moments of their formula. */
class InitializerTest {
    static Stream<Initializer> everyInitializer() {
        return Initializers.CATALOG.all().stream();
    }

    static Stream<Initializer> everyRandomOne() {
        return everyInitializer().filter(one -> !(one instanceof Zeros || one instanceof Constant));
    }

    private static float[] draw(Initializer initializer, int out, int in, long seed) {
        float[] weights = new float[out * in + 6];
        Arrays.fill(weights, 77);
        initializer.fill(SplitMix.at(seed, 0, 0, 0), new Matrix(weights, 4, out, in));
        assertThat(Arrays.copyOf(weights, 4)).as("before").containsOnly(77);
        assertThat(Arrays.copyOfRange(weights, out * in + 4, weights.length))
                .as("behind")
                .containsOnly(77);
        return Arrays.copyOfRange(weights, 4, out * in + 4);
    }

    @ParameterizedTest
    @MethodSource("everyInitializer")
    void oneSeedGivesTheSameWeightsAndAllAreNumbers(Initializer initializer) {
        for (int[] shape : new int[][] {{1, 1}, {1, 7}, {7, 1}, {5, 3}}) {
            float[] weights = draw(initializer, shape[0], shape[1], 1);
            assertThat(weights).containsExactly(draw(initializer, shape[0], shape[1], 1));
            for (float w : weights) {
                assertThat(w).isFinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyRandomOne")
    void seedsAndLayersDiffer(Initializer initializer) {
        assertThat(draw(initializer, 5, 5, 1)).isNotEqualTo(draw(initializer, 5, 5, 2));
        Network network =
                Network.builder(5).dense(5, initializer).dense(5, initializer).build();
        float[] flat = network.initialParameters(3);
        assertThat(Arrays.copyOf(flat, 25)).isNotEqualTo(Arrays.copyOfRange(flat, 30, 55));
        assertThat(flat).containsExactly(network.initialParameters(3));
    }

    @ParameterizedTest
    @CsvSource({
        "xavier-uniform, 0.01", "xavier-normal, 0.01", "lecun-uniform, 0.01", "lecun-normal, 0.01",
                "glorot-uniform, 0.0125",
        "glorot-normal, 0.0125", "he-uniform, 0.02", "he-normal, 0.02", "fan-in-uniform, 0.0033333", "orthogonal, 0.01",
        "uniform, 0.00083333", "normal, 0.0025", "truncated-normal, 0.00193437"
    })
    void meanAndVarianceAreThoseOfTheFormula(String name, double variance) { // of 60 units with 100 inputs
        float[] weights = draw(Initializers.CATALOG.named(name), 60, 100, 7);
        double mean = 0;
        double square = 0;
        for (float w : weights) {
            mean += w / (double) weights.length;
            square += (double) w * w / weights.length;
        }
        assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / weights.length)));
        assertThat(square).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / weights.length)));
    }

    @Test
    void aTruncatedNormalStaysWithinTwoDeviations() {
        float[] weights = draw(new TruncatedNormal(3, 0.5), 100, 100, 1);
        double mean = 0;
        for (float w : weights) {
            assertThat(w).isBetween(2f, 4f);
            mean += w / 1e4;
        }
        double square = 0;
        for (float w : weights) {
            square += (w - mean) * (w - mean) / 1e4;
        }
        assertThat(mean).isCloseTo(3, within(0.025));
        assertThat(Math.sqrt(square)).as("0.8796 of the deviation").isCloseTo(0.4398, within(0.01));
    }

    @Test
    void meansAndBoundsMayBeAnywhere() {
        assertThat(draw(new Constant(-2.5), 2, 3, 1)).containsOnly(-2.5f);
        assertThat(draw(new Zeros(), 2, 3, 1)).containsOnly(0f);
        assertThat(draw(new Normal(3, 0), 2, 3, 1)).containsOnly(3f);
        assertThat(draw(new Uniform(2, 2), 2, 3, 1)).containsOnly(2f);
        for (float w : draw(new Uniform(5, 6), 10, 10, 1)) {
            assertThat(w).isBetween(5f, 6f);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 0.1})
    void anOrthogonalMatrixKeepsLengthsTimesItsGain(double gain) {
        for (int[] shape : new int[][] {{1, 1}, {6, 6}, {3, 9}, {9, 3}, {1, 5}, {5, 1}, {40, 40}}) {
            Matrix w = new Matrix(draw(new Orthogonal(gain), shape[0], shape[1], 4), 0, shape[0], shape[1]);
            boolean wide = shape[0] <= shape[1];
            int count = Math.min(shape[0], shape[1]);
            for (int a = 0; a < count; a++) {
                for (int b = 0; b < count; b++) {
                    double dot = 0;
                    for (int i = 0; i < Math.max(shape[0], shape[1]); i++) {
                        dot += wide ? (double) w.get(a, i) * w.get(b, i) : (double) w.get(i, a) * w.get(i, b);
                    }
                    assertThat(dot).isCloseTo(a == b ? gain * gain : 0, within(1e-6 * gain * gain));
                }
            }
        }
    }

    /** Without the sign fix, entries on the diagonal of Q have one sign only. */
    @Test
    void orthogonalMatricesAreUniform() {
        int positive = 0;
        double trace = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] q = draw(new Orthogonal(), 3, 3, seed);
            positive += q[8] > 0 ? 1 : 0;
            trace += (q[0] + q[4] + q[8]) / 400.0;
        }
        assertThat(positive).isBetween(150, 250);
        assertThat(trace).as("mean of the trace, whose variance is 1").isCloseTo(0, within(0.25));
    }

    @Test
    void biasesStartAsAsked() {
        Network network = new Network(List.of(new Dense(2, 3, true, new HeNormal(), new Constant(0.5))));
        assertThat(Arrays.copyOfRange(network.initialParameters(1), 6, 9)).containsOnly(0.5f);
        assertThat(Arrays.copyOfRange(Network.builder(2).dense(3).build().initialParameters(1), 6, 9))
                .containsOnly(0f);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Constant(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Uniform(1, 0)).hasMessageContaining("uniform from 1.0 to 0.0");
        assertThatThrownBy(() -> new Normal(0, -1))
                .hasMessage("the deviation of a normal distribution must be at least 0 and finite: -1.0");
        assertThatThrownBy(() -> new TruncatedNormal(Double.NaN, 1))
                .hasMessage("the mean of a normal distribution must be a finite number: NaN");
        assertThatThrownBy(() -> new Orthogonal(0))
                .hasMessageContaining("gain of an orthogonal matrix must be positive and finite: 0.0");
        assertThatThrownBy(() -> new Dense(2, 2, true, null, new Zeros())).hasMessageContaining("initializer");
    }
}
