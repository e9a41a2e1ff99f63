package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers for tables, alone in a network, against PyTorch's autograd. */
class TableLayersOracleTest {
    @TestFactory
    Stream<DynamicTest> outputsAndGradientsAreThoseOfAutograd() {
        return Oracle.cases(
                "layers_for_tables.json", "cases", one -> true, (file, one) -> TableLayersOracleTest.check(one));
    }

    private static void check(JsonNode one) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("layers").add(one.get("layer"));
        Network network = NetworkJson.read(json, 0);
        float[] parameters = new float[network.length()];
        for (Tensor tensor : network.layout().parameters()) {
            float[] theirs = inOurOrder(
                    tensor,
                    Oracle.floats(one.get("parameters").get(tensor.parameter().name())));
            System.arraycopy(theirs, 0, parameters, tensor.offset(), theirs.length);
        }
        Matrix x = Oracle.batch(one.get("input"));
        Matrix target = Oracle.batch(one.get("target"));
        Backpropagation backpropagation = new Backpropagation(network, new SquaredError(), x.columns());
        float[] output = backpropagation.forward(parameters, x).values().clone();
        assertClose("output", output, numbers(one.get("output")), RELATIVE);

        GradientSum sum = new GradientSum(network.length());
        backpropagation.gradient(parameters, x, target, null, null, sum);
        float[] mean = new float[network.length()];
        sum.meanGradient(mean);
        assertClose("loss", sum.losses().meanLoss(), one.get("loss").asDouble(), RELATIVE);
        for (Tensor tensor : network.layout().parameters()) {
            String name = tensor.parameter().name();
            float[] theirs =
                    inOurOrder(tensor, Oracle.floats(one.get("gradients").get(name)));
            for (int i = 0; i < theirs.length; i++) {
                assertClose("d" + name + "[" + i + "]", mean[tensor.offset() + i], theirs[i], RELATIVE);
            }
        }
        Matrix dOutput = Matrix.zeros(target.rows(), target.columns());
        for (int i = 0; i < dOutput.size(); i++) {
            dOutput.values()[i] = 2 * (output[i] - target.values()[i]) / dOutput.size();
        }
        Matrix dx = Matrix.zeros(x.rows(), x.columns());
        backpropagation.addOutputGradient(parameters, x, dOutput, null, dx);
        assertClose("gradient of the input", dx.values(), numbers(one.get("input_gradient")), RELATIVE);
    }

    /**
     * Their weights are rows of units; ours lie column by column. An embedding's are vectors of codes, which are our
     * columns.
     *
     * @param tensor one of ours
     */
    private static float[] inOurOrder(Tensor tensor, float[] theirs) {
        Parameter parameter = tensor.parameter();
        boolean vectorsOfCodes = !parameter.name().equals("weight");
        if (parameter.columns() == 1 || vectorsOfCodes) {
            return theirs;
        }
        float[] ours = new float[theirs.length];
        for (int row = 0; row < parameter.rows(); row++) {
            for (int column = 0; column < parameter.columns(); column++) {
                ours[row + column * parameter.rows()] = theirs[row * parameter.columns() + column];
            }
        }
        return ours;
    }
}
