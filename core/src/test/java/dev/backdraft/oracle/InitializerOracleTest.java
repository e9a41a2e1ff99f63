package dev.backdraft.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.GlorotUniform;
import dev.backdraft.layer.HeNormal;
import dev.backdraft.layer.Initializer;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Start weights against the distributions they claim: moments within 5 sigma, bounds, Kolmogorov and Smirnov's distance. */
class InitializerOracleTest {
    private static final Map<String, Initializer> OURS =
            Map.of("glorot_uniform", new GlorotUniform(), "he_normal", new HeNormal());

    @TestFactory
    Stream<DynamicTest> weightsHaveTheDistributionTheyClaim() {
        return Oracle.cases(
                "initialisers.json",
                "cases",
                one -> OURS.containsKey(one.get("name").asText()),
                InitializerOracleTest::check);
    }

    private static void check(JsonNode file, JsonNode one) {
        int in = one.get("fan_in").asInt();
        int out = one.get("fan_out").asInt();
        Dense layer = new Dense(in, out, OURS.get(one.get("name").asText()));
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
