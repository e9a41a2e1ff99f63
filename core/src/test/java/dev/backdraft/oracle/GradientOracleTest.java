package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs, losses and gradients of whole networks against PyTorch's autograd. */
class GradientOracleTest {
    @TestFactory
    Stream<DynamicTest> backpropagationGivesTheGradientOfAutograd() {
        return Oracle.cases("mlp_gradients_basic.json", "cases", GradientOracleTest::isOurs, GradientOracleTest::check);
    }

    private static boolean isOurs(JsonNode one) {
        return OracleNetwork.isOurs(one.get("layers"));
    }

    private static void check(JsonNode file, JsonNode one) {
        OracleNetwork theirs = OracleNetwork.of(one.get("layers"));
        Network network = theirs.network();
        Loss loss = OracleLoss.of(one.get("loss"));
        float[] parameters = theirs.parameters(one.get("layers"));
        Matrix x = Oracle.batch(one.get("input"));
        Matrix target = Oracle.batch(one.get("target"));
        JsonNode expected = one.get("expected");

        Backpropagation backpropagation = new Backpropagation(network, loss, x.columns());
        float[] output = backpropagation.forward(parameters, x).values().clone();
        assertClose("output", output, numbers(expected.get("output")), RELATIVE);

        GradientSum sum = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, null, sum);
        assertClose("loss", sum.losses().meanLoss(), numbers(expected.get("loss"))[0], RELATIVE);

        float[] mean = new float[parameters.length];
        sum.meanGradient(mean);
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof Dense layer) {
                Slice slice = network.slice(i, mean);
                JsonNode gradient = expected.get("grads").get(i);
                float[] w = OracleNetwork.rowByRow(layer.weights(slice));
                assertClose("dW of layer " + i, w, numbers(gradient.get("W")), RELATIVE);
                if (gradient.hasNonNull("b")) {
                    float[] b = OracleNetwork.rowByRow(layer.biases(slice));
                    assertClose("db of layer " + i, b, numbers(gradient.get("b")), RELATIVE);
                }
            }
        }
    }
}
