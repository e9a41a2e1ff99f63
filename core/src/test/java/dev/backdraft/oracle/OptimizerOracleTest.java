package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.AdaGrad;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.AdamW;
import dev.backdraft.optim.AmsGrad;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.NormalizedCoordinates;
import dev.backdraft.optim.NormalizedGradient;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.RmsProp;
import dev.backdraft.optim.Sgd;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.Exponential;
import dev.backdraft.schedule.Schedule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole trajectories of the optimisers, with clipping, penalty and schedules, against float64 formulas that agree with PyTorch
 * step by step.
 */
class OptimizerOracleTest {
    private static final Pattern EXPONENTIAL = Pattern.compile("eta_t = eta ([0-9.]+)\\^t, t = 0, 1, \\.\\.\\.");
    private static final Pattern COSINE =
            Pattern.compile("eta_t = eta/2 \\(1\\+cos\\(pi t/([0-9]+)\\)\\), t = 0, 1, \\.\\.\\.");

    /** A case as ours: clip, add the penalty (theirs is not divided by the rows), then the rule. */
    private record Recipe(Optimizer rule, Clipping clipping, Penalty penalty, double base, Schedule schedule) {
        static Recipe of(JsonNode one) {
            JsonNode hyper = one.get("hyper");
            return new Recipe(
                    ruleOf(one.get("optimiser").asText(), hyper),
                    new Clipping(
                            hyper.path("clip_value").asDouble(0),
                            hyper.path("clip_norm").asDouble(0)),
                    new Penalty(0, hyper.path("l2_coupled").asDouble(0)),
                    one.get("eta").asDouble(),
                    scheduleOf(one.path("schedule").asText()));
        }

        private double rate(long step) {
            return schedule.rate(base, step, 0);
        }

        /** Takes the step that follows on this gradient, which is changed. */
        void step(OptimizerState state, float[] gradient, float[] theta) {
            clipping.clipValues(gradient, 0, theta.length);
            clipping.clipNorm(gradient, theta.length);
            penalty.addGradient(state.layout(), theta, 1, gradient);
            rule.step(state, rate(state.steps()), gradient, theta);
        }

        float[] gradientPoint(OptimizerState state, float[] theta) {
            return rule.gradientPoint(state, rate(state.steps()), theta, new float[theta.length]);
        }
    }

    @TestFactory
    Stream<DynamicTest> rulesFollowTheReferenceOnAQuadratic() {
        return Oracle.cases("optimisers_quadratic.json", "cases", one -> true, OptimizerOracleTest::checkQuadratic);
    }

    /** Our own gradients, A θ − b where the rule wants them: the whole way, with nothing of theirs but the start. */
    private static void checkQuadratic(JsonNode file, JsonNode one) {
        Recipe recipe = Recipe.of(one);
        float[] theta = Oracle.floats(file.get("theta0"));
        OptimizerState state = recipe.rule().initialState(theta.length);
        for (int step = 0; step < file.get("steps").asInt(); step++) {
            float[] gradient = quadraticGradient(file, recipe.gradientPoint(state, theta));
            recipe.step(state, gradient, theta);
            double[] expected = numbers(one.get("theta").get(step + 1));
            assertClose("theta after step " + (step + 1), theta, expected, Oracle.RELATIVE);
        }
    }

    private static float[] quadraticGradient(JsonNode file, float[] theta) {
        double[] a = numbers(file.get("A"));
        double[] b = numbers(file.get("b"));
        float[] gradient = new float[theta.length];
        for (int i = 0; i < theta.length; i++) {
            double sum = -b[i];
            for (int j = 0; j < theta.length; j++) {
                sum += a[i * theta.length + j] * theta[j];
            }
            gradient[i] = (float) sum;
        }
        return gradient;
    }

    /** The gradients are those of the reference, so that this is the rule alone, and closer. */
    @TestFactory
    Stream<DynamicTest> rulesFollowTheReferenceOnItsGradients() {
        return Oracle.cases("optimisers_quadratic.json", "cases", one -> true, OptimizerOracleTest::checkOpenLoop);
    }

    private static void checkOpenLoop(JsonNode file, JsonNode one) {
        Recipe recipe = Recipe.of(one);
        float[] theta = Oracle.floats(file.get("theta0"));
        OptimizerState state = recipe.rule().initialState(theta.length);
        JsonNode gradients = one.get("raw_gradients");
        for (int step = 0; step < gradients.size(); step++) {
            recipe.step(state, Oracle.floats(gradients.get(step)), theta);
            double[] expected = numbers(one.get("theta").get(step + 1));
            assertClose("theta after step " + (step + 1), theta, expected, 1e-4);
        }
    }

    @TestFactory
    Stream<DynamicTest> rulesFollowTheReferenceOnANetwork() {
        return Oracle.cases("optimisers_mlp.json", "cases", one -> true, OptimizerOracleTest::checkNetwork);
    }

    /** Their decay is of all parameters, biases too: one tensor of weights. */
    private static void checkNetwork(JsonNode file, JsonNode one) {
        OracleNetwork network = OracleNetwork.of(file.get("layers"));
        Matrix x = Oracle.batch(file.get("input"));
        Matrix target = Oracle.batch(file.get("target"));
        Backpropagation backpropagation = new Backpropagation(
                network.network(),
                OracleNetwork.loss(file.get("loss").get("name").asText()),
                x.columns());
        Recipe recipe = Recipe.of(one);
        float[] parameters = network.fromTheirOrder(numbers(file.get("theta0")));
        float[] mean = new float[parameters.length];
        OptimizerState state = recipe.rule().initialState(parameters.length);
        JsonNode steps = one.get("steps"); // 0, 1, … of which theta leaves out the first
        int listed = 0;
        int last = steps.get(steps.size() - 1).asInt();
        for (int step = 0; step <= last; step++) {
            if (step == steps.get(listed).asInt()) {
                GradientSum sum = new GradientSum(parameters.length);
                backpropagation.addGradient(parameters, x, target, null, sum);
                double expected = numbers(one.get("loss").get(listed))[0];
                assertClose("loss after step " + step, sum.losses().meanLoss(), expected, Oracle.RELATIVE);
                if (step > 0) {
                    double[] theta = numbers(one.get("theta").get(listed - 1));
                    assertClose("theta after step " + step, network.toTheirOrder(parameters), theta, Oracle.RELATIVE);
                }
                listed++;
            }
            GradientSum sum = new GradientSum(parameters.length);
            backpropagation.addGradient(recipe.gradientPoint(state, parameters), x, target, null, sum);
            sum.meanGradient(mean);
            recipe.step(state, mean, parameters);
        }
    }

    /** From their start to their minimiser, as far as float32 can tell the objective's values apart. */
    @Test
    void aLineSearchArrivesAtTheMinimiserOfTheQuadratic() {
        JsonNode file = Oracle.read("optimisers_quadratic.json");
        Lbfgs lbfgs = new Lbfgs();
        float[] theta = Oracle.floats(file.get("theta0"));
        OptimizerState state = lbfgs.initialState(theta.length);
        while (!lbfgs.finished(state) && state.steps() < 30) {
            float[] gradient = quadraticGradient(file, theta);
            state.observe(quadratic(file, theta));
            lbfgs.step(state, 1, gradient, theta);
        }
        lbfgs.settle(state, theta);
        assertClose("minimiser", theta, numbers(file.get("minimiser")), 1e-5);
    }

    private static double quadratic(JsonNode file, float[] theta) {
        double[] a = numbers(file.get("A"));
        double[] b = numbers(file.get("b"));
        double value = 0;
        for (int i = 0; i < theta.length; i++) {
            value -= b[i] * theta[i];
            for (int j = 0; j < theta.length; j++) {
                value += theta[i] * a[i * theta.length + j] * theta[j] / 2;
            }
        }
        return value;
    }

    private static Optimizer ruleOf(String name, JsonNode hyper) {
        double epsilon = hyper.path("eps").asDouble();
        double beta1 = hyper.path("beta1").asDouble();
        double beta2 = hyper.path("beta2").asDouble();
        boolean inside = hyper.path("eps_inside").asBoolean();
        boolean corrected = hyper.path("bias_correction").asBoolean();
        return switch (name) {
            case "gd" -> new Sgd();
            case "momentum_velocity" -> new Momentum(hyper.get("mu").asDouble());
            case "heavy_ball_delta" -> new Momentum(hyper.get("alpha").asDouble(), Momentum.Form.DELTA);
            case "momentum_ema" ->
                new Momentum(
                        hyper.get("beta").asDouble(),
                        corrected ? Momentum.Form.CORRECTED_AVERAGE : Momentum.Form.AVERAGE);
            case "nesterov_velocity" -> new Momentum(hyper.get("mu").asDouble(), Momentum.Form.NESTEROV);
            case "nesterov_lookahead" -> new Momentum(hyper.get("alpha").asDouble(), Momentum.Form.DELTA_LOOK_AHEAD);
            case "nesterov_ema" -> new Momentum(hyper.get("beta").asDouble(), Momentum.Form.AVERAGE_LOOK_AHEAD);
            case "rmsprop" -> new RmsProp(hyper.get("rho").asDouble(), epsilon, inside);
            case "adagrad" -> new AdaGrad(epsilon, inside);
            case "normalised_coordinate" -> new NormalizedCoordinates(epsilon);
            case "normalised_global" -> new NormalizedGradient(epsilon);
            case "adam" -> new Adam(beta1, beta2, epsilon, inside, corrected);
            case "adamw" ->
                new AdamW(
                        beta1,
                        beta2,
                        epsilon,
                        inside,
                        corrected,
                        hyper.get("decoupled_weight_decay").asDouble());
            case "amsgrad", "amsgrad_paper" -> new AmsGrad(beta1, beta2, epsilon, inside, corrected);
            default -> throw new IllegalArgumentException("no rule of ours for " + name);
        };
    }

    private static Schedule scheduleOf(String formula) {
        if (formula.isEmpty()) {
            return new Constant();
        }
        Matcher exponential = EXPONENTIAL.matcher(formula);
        if (exponential.matches()) {
            return new Exponential(Double.parseDouble(exponential.group(1)));
        }
        Matcher cosine = COSINE.matcher(formula);
        if (cosine.matches()) {
            return new Cosine(0, Long.parseLong(cosine.group(1)));
        }
        throw new IllegalArgumentException("no schedule of ours for " + formula);
    }
}
