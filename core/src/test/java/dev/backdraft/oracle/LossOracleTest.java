package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients of our losses, in both reductions, against 60-digit closed forms: every case of the files. */
class LossOracleTest {
    @TestFactory
    Stream<DynamicTest> lossesForClassesAreTheClosedForms() {
        return Oracle.cases("losses_classification.json", "cases", one -> true, LossOracleTest::check);
    }

    @TestFactory
    Stream<DynamicTest> lossesOfValuesAreTheClosedForms() {
        return Oracle.cases("losses_regression.json", "cases", one -> true, LossOracleTest::check);
    }

    private static void check(JsonNode file, JsonNode one) {
        String name = one.get("loss").asText();
        for (Map.Entry<String, JsonNode> result : one.get("results").properties()) {
            if (!result.getKey().startsWith("batch_mean")) {
                continue; // what other programs give where the rule lets one choose
            }
            Loss loss = OracleLoss.of(name, one.get("params"), result.getKey());
            Matrix target = Oracle.batch(one.get("target"));
            check(loss, one, target, result.getValue(), result.getKey());
            if (one.has("class_index")) {
                Matrix index = new Matrix(Oracle.floats(one.get("class_index")), 0, 1, target.columns());
                check(loss, one, index, result.getValue(), result.getKey());
            }
            if (one.get("params").has("label_smoothing")) {
                checkSmoothing(one, result.getValue());
            }
        }
        if (one.path("edge").asBoolean()) {
            checkEdge(name, one);
        }
    }

    private static void check(Loss loss, JsonNode one, Matrix target, JsonNode expected, String reduction) {
        Matrix z = Oracle.batch(one.get("prediction"));
        int rows = z.columns();
        Matrix gradient = Matrix.zeros(z.rows(), rows);
        double mean = loss.sum(z, target, null, gradient) / rows;
        assertClose("loss", loss.objective(mean), numbers(expected.get("value"))[0], RELATIVE);
        if (expected.has("sum_of_squared_errors")) {
            double count = numbers(expected.get("count"))[0];
            assertClose("sum", mean * count, numbers(expected.get("sum_of_squared_errors"))[0], RELATIVE);
        }
        for (int i = 0; i < gradient.size(); i++) {
            double g = loss.objectiveSlope(mean) * gradient.values()[i] / rows;
            assertThat(g).isFinite();
            gradient.values()[i] = (float) g;
        }
        if (expected.has("grad")) {
            checkGradient(one, gradient, numbers(expected.get("grad")), reduction);
        }
        if (expected.has("softmax")) {
            Matrix prediction = Matrix.zeros(z.rows(), rows);
            loss.predict(z, prediction);
            assertClose("softmax", prediction.values(), numbers(expected.get("softmax")), RELATIVE);
        }
        if (expected.has("per_example")) {
            double[] each = numbers(expected.get("per_example"));
            for (int n = 0; n < rows; n++) {
                assertClose("loss of row " + n, lossOfRow(loss, z, target, n), each[n], RELATIVE);
            }
        }
    }

    /** As listed; at a kink also anything between the two sides. */
    private static void checkGradient(JsonNode one, Matrix gradient, double[] expected, String reduction) {
        float[] actual = gradient.values().clone();
        for (JsonNode kink : one.path("kinks").isArray() ? one.get("kinks") : one.path("none")) {
            int i = kink.get("n").asInt() * gradient.rows() + kink.get("k").asInt();
            double scale = reduction.equals("batch_mean_output_sum") ? gradient.rows() : 1;
            assertThat((double) actual[i])
                    .isBetween(
                            scale * kink.get("grad_lo_output_mean").asDouble() - Oracle.ABSOLUTE,
                            scale * kink.get("grad_hi_output_mean").asDouble() + Oracle.ABSOLUTE);
            actual[i] = (float) expected[i];
        }
        assertClose("gradient", actual, expected, RELATIVE);
    }

    /** The file has the smoothed target: our setting must make it of the one-hot one. */
    private static void checkSmoothing(JsonNode one, JsonNode expected) {
        Loss loss =
                new SoftmaxCrossEntropy(one.get("params").get("label_smoothing").asDouble());
        Matrix smoothed = Oracle.batch(one.get("target"));
        Matrix hot = Matrix.zeros(smoothed.rows(), smoothed.columns());
        Matrix index = Matrix.zeros(1, smoothed.columns());
        for (int n = 0; n < hot.columns(); n++) {
            for (int k = 0; k < hot.rows(); k++) {
                if (smoothed.get(k, n) > 0.5f) {
                    hot.set(k, n, 1);
                    index.set(0, n, k);
                }
            }
        }
        check(loss, one, hot, expected, "batch_mean_output_sum");
        check(loss, one, index, expected, "batch_mean_output_sum");
    }

    /** p exactly 0 or 1: right gives 0 and wrong at least 10, and nothing is NaN or infinite. */
    private static void checkEdge(String name, JsonNode one) {
        boolean right = one.get("results").has("batch_mean_output_mean");
        for (String reduction : new String[] {"batch_mean_output_mean", "batch_mean_output_sum"}) {
            Matrix z = Oracle.batch(one.get("prediction"));
            Matrix gradient = Matrix.zeros(z.rows(), z.columns());
            double mean = OracleLoss.of(name, one.get("params"), reduction)
                            .sum(z, Oracle.batch(one.get("target")), null, gradient)
                    / z.columns();
            if (right) {
                assertThat(mean).isCloseTo(0, within(1e-6));
            } else {
                assertThat(mean).isBetween(10.0, 1000.0);
            }
            for (float g : gradient.values()) {
                assertThat(g).isFinite();
            }
        }
    }

    /** The loss of one row alone, by giving all others weight 0. */
    private static double lossOfRow(Loss loss, Matrix z, Matrix target, int row) {
        float[] weights = new float[z.columns()];
        Arrays.fill(weights, 0);
        weights[row] = 1;
        return loss.sum(z, target, weights, Matrix.zeros(z.rows(), z.columns()));
    }
}
