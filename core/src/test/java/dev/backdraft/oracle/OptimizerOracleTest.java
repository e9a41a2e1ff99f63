package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.Sgd;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole trajectories of the optimisers, against float64 formulas that agree with PyTorch step by step. */
class OptimizerOracleTest {
    // Trajectories accumulate the rounding of 25 or 30 float32 steps; an absolute 1e-6 comes on top.
    private static final double TRAJECTORY = 1e-4;

    private static final Set<String> NOT_OURS = Set.of("l2_coupled", "clip_value", "clip_norm");

    @TestFactory
    Stream<DynamicTest> rulesFollowTheReferenceOnAQuadratic() {
        return Oracle.cases(
                "optimisers_quadratic.json",
                "cases",
                one -> optimizer(one) != null && hasRates(one),
                OptimizerOracleTest::checkQuadratic);
    }

    /** The gradients are those of the reference, so that this is the rule alone. */
    private static void checkQuadratic(JsonNode file, JsonNode one) {
        Optimizer optimizer = optimizer(one);
        float[] theta = Oracle.floats(file.get("theta0"));
        OptimizerState state = optimizer.initialState(theta.length);
        JsonNode gradients = one.get("raw_gradients");
        for (int step = 0; step < gradients.size(); step++) {
            double rate = one.path("etas").path(step).asDouble(one.get("eta").asDouble());
            optimizer.step(state, rate, Oracle.floats(gradients.get(step)), theta);
            double[] expected = numbers(one.get("theta").get(step + 1));
            assertClose("theta after step " + (step + 1), theta, expected, TRAJECTORY);
        }
    }

    @TestFactory
    Stream<DynamicTest> rulesFollowTheReferenceOnANetwork() {
        return Oracle.cases(
                "optimisers_mlp.json",
                "cases",
                one -> optimizer(one) != null && !one.has("schedule"),
                OptimizerOracleTest::checkNetwork);
    }

    private static void checkNetwork(JsonNode file, JsonNode one) {
        OracleNetwork network = OracleNetwork.of(file.get("layers"));
        Matrix x = Oracle.batch(file.get("input"));
        Matrix target = Oracle.batch(file.get("target"));
        Backpropagation backpropagation = new Backpropagation(
                network.network(),
                OracleNetwork.loss(file.get("loss").get("name").asText()),
                x.columns());
        Optimizer optimizer = optimizer(one);
        float[] parameters = network.fromTheirOrder(numbers(file.get("theta0")));
        float[] mean = new float[parameters.length];
        OptimizerState state = optimizer.initialState(parameters.length);
        JsonNode steps = one.get("steps"); // 0, 1, … of which theta leaves out the first
        int listed = 0;
        int last = steps.get(steps.size() - 1).asInt();
        for (int step = 0; step <= last; step++) {
            GradientSum sum = new GradientSum(parameters.length);
            backpropagation.addGradient(parameters, x, target, null, sum);
            if (step == steps.get(listed).asInt()) {
                double expected = numbers(one.get("loss").get(listed))[0];
                assertClose("loss after step " + step, sum.losses().meanLoss(), expected, TRAJECTORY);
                if (step > 0) {
                    double[] theta = numbers(one.get("theta").get(listed - 1));
                    assertClose("theta after step " + step, network.toTheirOrder(parameters), theta, TRAJECTORY);
                }
                listed++;
            }
            sum.meanGradient(mean);
            optimizer.step(state, one.get("eta").asDouble(), mean, parameters);
        }
    }

    private static boolean hasRates(JsonNode one) {
        return !one.has("schedule") || one.has("etas");
    }

    /** The rule of a case as ours, or null. */
    private static Optimizer optimizer(JsonNode one) {
        JsonNode hyper = one.get("hyper");
        if (NOT_OURS.stream().anyMatch(hyper::has)) {
            return null;
        }
        return switch (one.get("optimiser").asText()) {
            case "gd" -> new Sgd();
            case "momentum_velocity" -> new Momentum(hyper.get("mu").asDouble());
            case "heavy_ball_delta" -> // the same as the velocity form as long as the rate is constant
                one.has("schedule") ? null : new Momentum(hyper.get("alpha").asDouble());
            case "adam" ->
                isPaper(hyper)
                        ? new Adam(
                                hyper.get("beta1").asDouble(),
                                hyper.get("beta2").asDouble(),
                                hyper.get("eps").asDouble())
                        : null;
            default -> null;
        };
    }

    private static boolean isPaper(JsonNode adam) {
        return adam.get("bias_correction").asBoolean()
                && !adam.get("eps_inside").asBoolean();
    }
}
