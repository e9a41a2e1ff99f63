package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients of our losses, against 60-digit closed forms; saturated logits among them. */
class LossOracleTest {
    @TestFactory
    Stream<DynamicTest> lossesForClassesAreTheClosedForms() {
        return Oracle.cases("losses_classification.json", "cases", LossOracleTest::isOurs, LossOracleTest::check);
    }

    @TestFactory
    Stream<DynamicTest> squaredErrorIsTheClosedForm() {
        return Oracle.cases("losses_regression.json", "cases", LossOracleTest::isOurs, LossOracleTest::check);
    }

    private static boolean isOurs(JsonNode one) {
        return OracleNetwork.isOurLoss(one.get("loss").asText());
    }

    private static void check(JsonNode file, JsonNode one) {
        Matrix target = Oracle.batch(one.get("target"));
        check(one, target);
        if (one.has("class_index")) {
            check(one, new Matrix(Oracle.floats(one.get("class_index")), 0, 1, target.columns()));
        }
    }

    private static void check(JsonNode one, Matrix target) {
        Loss loss = OracleNetwork.loss(one.get("loss").asText());
        Matrix z = Oracle.batch(one.get("prediction"));
        int rows = z.columns();
        Matrix gradient = Matrix.zeros(z.rows(), rows);
        double sum = loss.sum(z, target, null, gradient);
        one.get("results").properties().forEach(result -> {
            double scale = OracleNetwork.scale(loss, result.getKey(), z.rows());
            JsonNode expected = result.getValue();
            assertClose("mean loss", scale * sum / rows, numbers(expected.get("value"))[0], RELATIVE);
            float[] mean = gradient.values().clone();
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (scale * mean[i] / rows);
            }
            assertClose("gradient", mean, numbers(expected.get("grad")), RELATIVE);
            if (expected.has("softmax")) {
                Matrix prediction = Matrix.zeros(z.rows(), rows);
                loss.predict(z, prediction);
                assertClose("softmax", prediction.values(), numbers(expected.get("softmax")), RELATIVE);
            }
            double[] each = numbers(expected.get("per_example"));
            for (int n = 0; n < rows; n++) {
                assertClose("loss of row " + n, scale * lossOfRow(loss, z, target, n), each[n], RELATIVE);
            }
        });
    }

    /** The loss of one row alone, by giving all others weight 0. */
    private static double lossOfRow(Loss loss, Matrix z, Matrix target, int row) {
        float[] weights = new float[z.columns()];
        Arrays.fill(weights, 0);
        weights[row] = 1;
        return loss.sum(z, target, weights, Matrix.zeros(z.rows(), z.columns()));
    }
}
