package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.Penalty;
import dev.backdraft.train.ParameterGroups;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** L1 and L2 penalties, divided by the rows of the training set, in the loss and gradient of whole networks. */
class RegularizationOracleTest {
    @TestFactory
    Stream<DynamicTest> penaltiesAreThoseOfTheReference() {
        return Oracle.cases(
                "mlp_gradients_regularised.json",
                "cases",
                one -> OracleNetwork.isOurs(one.get("layers")),
                RegularizationOracleTest::check);
    }

    private static void check(JsonNode file, JsonNode one) {
        OracleNetwork theirs = OracleNetwork.of(one.get("layers"));
        Network network = theirs.network();
        JsonNode regularisation = one.get("regularisation");
        Penalty penalty = new Penalty(
                regularisation.get("l1").asDouble(), regularisation.get("l2").asDouble());
        double rows = regularisation.get("N").asDouble();
        ParameterLayout layout =
                ParameterGroups.of(network, regularisation.path("include_bias").asBoolean());
        float[] parameters = theirs.parameters(one.get("layers"));
        Matrix x = Oracle.batch(one.get("input"));
        JsonNode expected = one.get("expected");

        double value = penalty.value(layout, parameters, rows);
        assertClose("penalty", value, expected.get("penalty").asDouble(), RELATIVE);

        GradientSum sum = new GradientSum(parameters.length);
        new Backpropagation(network, OracleLoss.of(one.get("loss")), x.columns())
                .addGradient(parameters, x, Oracle.batch(one.get("target")), null, sum);
        double loss = sum.losses().meanLoss();
        assertClose("loss", loss + value, expected.get("loss").asDouble(), RELATIVE);

        float[] gradient = new float[parameters.length];
        sum.meanGradient(gradient);
        penalty.addGradient(layout, parameters, rows, gradient);
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof Dense layer) {
                Slice slice = network.slice(i, gradient);
                JsonNode theirGradient = expected.get("grads").get(i);
                float[] w = OracleNetwork.rowByRow(layer.weights(slice));
                assertClose("dW of layer " + i, w, numbers(theirGradient.get("W")), RELATIVE);
                float[] b = OracleNetwork.rowByRow(layer.biases(slice));
                assertClose("db of layer " + i, b, numbers(theirGradient.get("b")), RELATIVE);
            }
        }
    }
}
