package dev.backdraft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.activation.Activation;
import dev.backdraft.initializer.FanInUniform;
import dev.backdraft.initializer.GlorotNormal;
import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.HeUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Initializers;
import dev.backdraft.initializer.LecunNormal;
import dev.backdraft.initializer.LecunUniform;
import dev.backdraft.initializer.Normal;
import dev.backdraft.initializer.Orthogonal;
import dev.backdraft.initializer.Uniform;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.linalg.Transpose;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Start weights against the distributions they claim: moments within 5 sigma, bounds, Kolmogorov and Smirnov's distance. */
class InitializerOracleTest {
    private static final Map<String, Initializer> OURS = Map.of(
            "he_normal", new HeNormal(),
            "he_uniform", new HeUniform(),
            "xavier_notes_normal", Initializers.CATALOG.named("xavier-normal"),
            "lecun_uniform", new LecunUniform(),
            "glorot_normal", new GlorotNormal(),
            "glorot_uniform", new GlorotUniform(),
            "torch_linear_default", new FanInUniform());

    @TestFactory
    Stream<DynamicTest> weightsHaveTheDistributionTheyClaim() {
        return Oracle.cases("initialisers.json", "cases", one -> true, InitializerOracleTest::check);
    }

    /** Those without a name that says all are given by their formula's numbers. */
    private static Initializer initializer(JsonNode one) {
        return switch (one.get("name").asText()) {
            case "uniform" ->
                new Uniform(
                        one.get("bounds").get(0).asDouble(),
                        one.get("bounds").get(1).asDouble());
            case "normal" ->
                new Normal(one.get("mean").asDouble(), one.get("std").asDouble());
            default -> OURS.get(one.get("name").asText());
        };
    }

    private static void check(JsonNode file, JsonNode one) {
        int in = one.get("fan_in").asInt();
        int out = one.get("fan_out").asInt();
        Dense layer = new Dense(in, out, initializer(one));
        float[] parameters = new float[layer.parameterCount()];
        Arrays.fill(parameters, Float.NaN);
        layer.initialize(new Slice(parameters, 0, parameters.length), SplitMix.at(7, 0, 0, 0));

        float[] weights = Arrays.copyOf(parameters, in * out);
        assertThat(Arrays.copyOfRange(parameters, in * out, parameters.length)).containsOnly(0f);
        double mean = 0;
        for (float w : weights) {
            mean += w;
        }
        mean /= weights.length;
        double squares = 0;
        for (float w : weights) {
            squares += (w - mean) * (w - mean);
        }
        assertInside("mean", mean, one.get("accept_mean"));
        assertInside("variance", squares / (weights.length - 1), one.get("accept_variance"));
        if (one.has("bounds")) {
            for (float w : weights) {
                assertInside("weight", w, one.get("bounds"));
            }
        }
        assertThat(distance(weights, one))
                .isLessThan(one.get("ks_critical_1e_4").asDouble());
    }

    @Test
    void orthogonalRowsOrColumnsAreOrthonormal() {
        for (JsonNode shape : Oracle.read("initialisers.json").get("orthogonal").get("shapes")) {
            Matrix w = Matrix.zeros(shape.get(0).asInt(), shape.get(1).asInt());
            new Orthogonal(1.5).fill(SplitMix.at(3, 0, 0, 0), w);
            boolean wide = w.rows() <= w.columns();
            int count = Math.min(w.rows(), w.columns());
            int length = Math.max(w.rows(), w.columns());
            for (int a = 0; a < count; a++) {
                for (int b = 0; b < count; b++) {
                    double dot = 0;
                    for (int i = 0; i < length; i++) {
                        dot += wide ? (double) w.get(a, i) * w.get(b, i) : (double) w.get(i, a) * w.get(i, b);
                    }
                    assertThat(dot / 2.25).isCloseTo(a == b ? 1 : 0, within(1e-5));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> signalsKeepTheScaleThatTheyShould() {
        return Oracle.cases("initialisers.json", "signal_propagation", one -> true, InitializerOracleTest::checkSignal);
    }

    /** log₁₀ of (mean square of the last pre-activations over that of the input) over seeds, in a network of equal layers. */
    private static void checkSignal(JsonNode file, JsonNode one) {
        double share = Double.parseDouble(one.get("weight_variance").asText().replace("/fan_in", ""));
        int width = one.get("width").asInt();
        Initializer initializer =
                share == 2 ? new HeNormal() : share == 1 ? new LecunNormal() : new Normal(0, Math.sqrt(share / width));
        Activation activation = OracleNetwork.activation(one.get("activation").asText(), null);
        int rows = 64;
        int seeds = 40;
        double sum = 0;
        for (int seed = 0; seed < seeds; seed++) {
            SplitMix random = SplitMix.at(seed, 5, 0, 0);
            Matrix z = Matrix.zeros(width, rows);
            new Normal(0, 1).fill(random, z);
            double before = meanSquare(z);
            for (int layer = 0; layer < one.get("depth").asInt(); layer++) {
                if (layer > 0) {
                    Matrix active = Matrix.zeros(width, rows);
                    activation.forward(z, active);
                    z = active;
                }
                Matrix w = Matrix.zeros(width, width);
                initializer.fill(random, w);
                Matrix next = Matrix.zeros(width, rows);
                Blas.gemm(w, Transpose.NO, z, Transpose.NO, 0, next);
                z = next;
            }
            sum += Math.log10(meanSquare(z) / before);
        }
        double error = 5
                * one.get("sd").asDouble()
                * Math.sqrt(1.0 / seeds + 1.0 / one.get("seeds").asInt());
        assertThat(sum / seeds).isCloseTo(one.get("mean").asDouble(), within(error));
    }

    private static double meanSquare(Matrix matrix) {
        double sum = 0;
        for (float v : matrix.values()) {
            sum += (double) v * v;
        }
        return sum / matrix.size();
    }

    private static void assertInside(String what, double value, JsonNode interval) {
        double rounding = 1e-7; // of a bound to float
        double low = interval.get(0).asDouble();
        double high = interval.get(1).asDouble();
        assertThat(value).as(what).isBetween(low - rounding, high + rounding);
    }

    /** The largest distance between the distribution function of the sample and the claimed one. */
    private static double distance(float[] sample, JsonNode one) {
        float[] sorted = sample.clone();
        Arrays.sort(sorted);
        boolean normal = one.get("distribution").asText().equals("normal");
        double deviation = one.get("std").asDouble();
        double worst = 0;
        for (int i = 0; i < sorted.length; i++) {
            double z = sorted[i] / deviation;
            double p = normal ? normal(z) : 0.5 + z / Math.sqrt(12);
            worst = Math.max(worst, Math.max(p - (double) i / sorted.length, (i + 1.0) / sorted.length - p));
        }
        return worst;
    }

    /** The normal distribution function, to 1e-7. Abramowitz and Stegun 1964, 26.2.17. */
    private static double normal(double z) {
        if (z < 0) {
            return 1 - normal(-z);
        }
        double t = 1 / (1 + 0.2316419 * z);
        double polynomial =
                t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return 1 - Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * polynomial;
    }
}
