package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.Penalty;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs, losses and gradients of whole networks against PyTorch's autograd. */
class GradientOracleTest {
    @TestFactory
    Stream<DynamicTest> backpropagationGivesTheGradientOfAutograd() {
        return Oracle.cases("mlp_gradients_basic.json", "cases", one -> true, GradientOracleTest::check);
    }

    @TestFactory
    Stream<DynamicTest> soItDoesWithNormalisationAndResidualBlocks() {
        return Oracle.cases("mlp_gradients_norm_residual.json", "cases", one -> true, GradientOracleTest::check);
    }

    @TestFactory
    Stream<DynamicTest> soItDoesWithPenalties() {
        return Oracle.cases("mlp_gradients_regularised.json", "cases", one -> true, GradientOracleTest::check);
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
        if (network.statisticCount() == 0) { // else their output is that of training
            float[] output = backpropagation.forward(parameters, x).values().clone();
            assertClose("output", output, numbers(expected.get("output")), RELATIVE);
        }
        GradientSum sum = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, null, sum);
        float[] mean = new float[parameters.length];
        sum.meanGradient(mean);
        double meanLoss = sum.losses().meanLoss();
        assertClose("data loss", loss.objective(meanLoss), numbers(expected.get("data_loss"))[0], RELATIVE);
        for (int i = 0; i < network.parameterCount(); i++) {
            mean[i] *= (float) loss.objectiveSlope(meanLoss);
        }
        addPenalty(one.get("regularisation"), network, parameters, mean, expected);
        checkGradients(theirs, mean, OracleNetwork.entries(expected.get("grads")));
        if (network.statisticCount() == 0) {
            checkInputGradient(loss, backpropagation, parameters, x, target, expected.get("input_grad"));
        } else {
            checkStatistics(theirs, one, mean, parameters, backpropagation);
        }
    }

    private static void addPenalty(
            JsonNode settings, Network network, float[] parameters, float[] mean, JsonNode expected) {
        if (settings == null || settings.isNull()) {
            return;
        }
        Penalty penalty =
                new Penalty(settings.get("l1").asDouble(), settings.get("l2").asDouble());
        ParameterLayout layout = new ParameterLayout(
                network.layout().parameters(), settings.path("include_bias").asBoolean());
        double rows = settings.get("N").asDouble();
        assertClose("penalty", penalty.value(layout, parameters, rows), numbers(expected.get("penalty"))[0], RELATIVE);
        penalty.addGradient(layout, parameters, rows, mean);
    }

    private static void checkGradients(OracleNetwork theirs, float[] mean, List<JsonNode> gradients) {
        for (int i = 0; i < gradients.size(); i++) {
            Layer layer = theirs.network().layers().get(i);
            if (layer.parameterCount() > 0) {
                for (String name : OracleNetwork.names(layer)) {
                    float[] ours = OracleNetwork.rowByRow(theirs.matrix(i, name, mean));
                    assertClose(
                            "d" + name + " of layer " + i,
                            ours,
                            numbers(gradients.get(i).get(name)),
                            RELATIVE);
                }
            }
        }
    }

    private static void checkInputGradient(
            Loss loss,
            Backpropagation backpropagation,
            float[] parameters,
            Matrix x,
            Matrix target,
            JsonNode expected) {
        Matrix logits = backpropagation.forward(parameters, x);
        Matrix dLogits = Matrix.zeros(logits.rows(), logits.columns());
        double mean = loss.sum(logits, target, null, dLogits) / x.columns();
        for (int i = 0; i < dLogits.size(); i++) {
            dLogits.values()[i] *= (float) (loss.objectiveSlope(mean) / x.columns());
        }
        Matrix dx = Matrix.zeros(x.rows(), x.columns());
        backpropagation.addOutputGradient(parameters, x, dLogits, null, dx);
        assertClose("gradient of the input", dx.values(), numbers(expected), RELATIVE);
    }

    /** The running statistics after one step, and what the network gives with them. */
    private static void checkStatistics(
            OracleNetwork theirs, JsonNode one, float[] mean, float[] parameters, Backpropagation backpropagation) {
        Network network = theirs.network();
        network.layout().updateStatistics(mean, parameters);
        JsonNode expected = one.get("expected");
        int at = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            int size = network.layers().get(i).statisticCount() / 2;
            if (size > 0) {
                JsonNode running =
                        expected.get("batchnorm_running_after_one_step").get(at++);
                Slice statistics = network.statistics(i, parameters);
                float[] means = OracleNetwork.rowByRow(statistics.matrix(0, size, 1));
                float[] variances = OracleNetwork.rowByRow(statistics.matrix(size, size, 1));
                assertClose("running mean", means, numbers(running.get("running_mean")), RELATIVE);
                assertClose("running variance", variances, numbers(running.get("running_var")), RELATIVE);
            }
        }
        Matrix x = Oracle.batch(one.get("input"));
        float[] output = backpropagation.forward(parameters, x).values().clone();
        assertClose("output", output, numbers(expected.get("eval_output_with_these_running_stats")), RELATIVE);
    }
}
