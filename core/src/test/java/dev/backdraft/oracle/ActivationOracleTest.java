package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Pass;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Activations and the softmax on a grid with extremes, where a naive exp overflows, against 60-digit closed forms. */
class ActivationOracleTest {
    private static final Slice NO_PARAMETERS = new Slice(new float[0], 0, 0);

    @TestFactory
    Stream<DynamicTest> valuesAndDerivativesAreTheClosedForms() {
        return Oracle.cases("activations.json", "elementwise", one -> true, ActivationOracleTest::checkElementwise);
    }

    private static void checkElementwise(JsonNode file, JsonNode one) {
        Matrix x = new Matrix(Oracle.floats(one.get("x")), 0, 1, one.get("x").size());
        Elementwise layer =
                new Elementwise(OracleNetwork.activation(one.get("name").asText(), one.get("params")), 1);
        Matrix y = Matrix.zeros(1, x.columns());
        layer.forward(NO_PARAMETERS, x, y, new Pass(0, 0));
        assertClose("value", y.values(), numbers(one.get("value")), RELATIVE);

        Matrix dy = Matrix.zeros(1, x.columns());
        Arrays.fill(dy.values(), 1);
        Matrix dx = Matrix.zeros(1, x.columns());
        layer.backward(NO_PARAMETERS, x, y, dy, dx, NO_PARAMETERS, new Pass(0, 0));
        double[] expected = numbers(one.get("derivative"));
        for (int i = 0; i < expected.length; i++) {
            JsonNode kink = kinkAt(one.path("kinks"), x.values()[i]);
            if (kink == null) {
                assertClose("derivative at " + x.values()[i], dx.values()[i], expected[i], RELATIVE);
            } else {
                double low = (float) kink.get("derivative_lo").asDouble();
                double high = (float) kink.get("derivative_hi").asDouble();
                assertThat((double) dx.values()[i]).isBetween(low, high);
            }
        }
    }

    /** The kink at x, or null. Numbers that float32 rounds to a kink are there too. */
    private static JsonNode kinkAt(JsonNode kinks, float x) {
        for (JsonNode kink : kinks) {
            if ((float) kink.get("x").asDouble() == x) {
                return kink;
            }
        }
        return null;
    }

    @TestFactory
    Stream<DynamicTest> softmaxIsTheClosedForm() {
        return Oracle.cases("activations.json", "softmax", one -> true, ActivationOracleTest::checkSoftmax);
    }

    private static void checkSoftmax(JsonNode file, JsonNode one) {
        Matrix z = new Matrix(Oracle.floats(one.get("x")), 0, one.get("x").size(), 1);
        Matrix softmax = Matrix.zeros(z.rows(), 1);
        new SoftmaxCrossEntropy().predict(z, softmax);
        assertClose("softmax", softmax.values(), numbers(one.get("softmax")), RELATIVE);

        double[] logSoftmax = numbers(one.get("log_softmax"));
        for (int k = 0; k < z.rows(); k++) {
            Matrix target = new Matrix(new float[] {k}, 0, 1, 1);
            double loss = new SoftmaxCrossEntropy().sum(z, target, null, Matrix.zeros(z.rows(), 1));
            assertClose("log softmax of " + k, -loss, logSoftmax[k], RELATIVE);
        }
    }
}
