package dev.backdraft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.Exponential;
import dev.backdraft.schedule.ExponentialRate;
import dev.backdraft.schedule.InverseSquareRoot;
import dev.backdraft.schedule.InverseTime;
import dev.backdraft.schedule.MultiStep;
import dev.backdraft.schedule.OneCycle;
import dev.backdraft.schedule.OneCycle.Anneal;
import dev.backdraft.schedule.PlateauState;
import dev.backdraft.schedule.Polynomial;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.schedule.ReduceOnPlateau.Mode;
import dev.backdraft.schedule.ReduceOnPlateau.ThresholdMode;
import dev.backdraft.schedule.Schedule;
import dev.backdraft.schedule.StepDecay;
import dev.backdraft.schedule.Warmup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Learning rates, against closed forms that agree with PyTorch's schedulers; all in double, so to the file's own tolerance. */
class ScheduleOracleTest {
    @TestFactory
    Stream<DynamicTest> schedulesFollowTheReference() {
        return Oracle.cases("schedules.json", "schedules", one -> true, ScheduleOracleTest::checkSchedule);
    }

    /** Once with its length as a setting, once told by the training. */
    private static void checkSchedule(JsonNode file, JsonNode one) {
        double base = one.get("eta0").asDouble();
        JsonNode params = one.get("params");
        long length = params.path("total_steps").asLong();
        double[] expected = Oracle.numbers(one.get("eta"));
        for (int t = 0; t < expected.length; t++) {
            assertClose(
                    file, t, schedule(one.get("kind").asText(), params, length).rate(base, t, length), expected[t]);
            assertClose(file, t, schedule(one.get("kind").asText(), params, 0).rate(base, t, length), expected[t]);
        }
    }

    @TestFactory
    Stream<DynamicTest> plateausAreSeenLikeTheReferenceSeesThem() {
        return Oracle.cases("schedules.json", "reduce_on_plateau", one -> true, ScheduleOracleTest::checkPlateau);
    }

    private static void checkPlateau(JsonNode file, JsonNode one) {
        JsonNode params = one.get("params");
        PlateauState state = new ReduceOnPlateau(
                        params.get("mode").asText().equals("min") ? Mode.MIN : Mode.MAX,
                        params.get("factor").asDouble(),
                        params.get("patience").asInt(),
                        params.get("threshold").asDouble(),
                        params.get("threshold_mode").asText().equals("rel")
                                ? ThresholdMode.RELATIVE
                                : ThresholdMode.ABSOLUTE,
                        params.get("cooldown").asInt(),
                        params.get("min").asDouble())
                .initialState(one.get("eta0").asDouble());
        double[] metrics = Oracle.numbers(one.get("metric"));
        double[] expected = Oracle.numbers(one.get("eta_after_metric"));
        for (int t = 0; t < metrics.length; t++) {
            assertClose(file, t, state.observe(metrics[t]), expected[t]);
        }
    }

    private static void assertClose(JsonNode file, int t, double actual, double expected) {
        double relative = file.get("tolerance").get("relative").asDouble();
        double absolute = file.get("tolerance").get("absolute").asDouble();
        assertThat(actual)
                .as("rate of update %d", t)
                .isCloseTo(expected, within(absolute + relative * Math.abs(expected)));
    }

    /**
     * A case as ours.
     *
     * @param length for what takes one of its own
     */
    private static Schedule schedule(String kind, JsonNode params, long length) {
        double k = params.path("k").asDouble();
        double gamma = params.path("gamma").asDouble();
        return switch (kind) {
            case "constant" -> new Constant();
            case "step" -> new StepDecay(params.get("step_size").asLong(), gamma);
            case "multi_step" -> new MultiStep(milestones(params), gamma);
            case "exponential" -> new Exponential(gamma);
            case "exponential_rate" -> new ExponentialRate(k);
            case "inverse_time" -> new InverseTime(k);
            case "inverse_sqrt" -> new InverseSquareRoot(k);
            case "polynomial" ->
                new Polynomial(params.get("power").asDouble(), params.get("end").asDouble(), length);
            case "cosine" -> new Cosine(params.get("min").asDouble(), length);
            case "warmup" -> new Warmup(params.get("warmup_steps").asLong(), new Constant());
            case "warmup_cosine" -> {
                long warmup = params.get("warmup_steps").asLong();
                Cosine cosine = new Cosine(params.get("min").asDouble(), length == 0 ? 0 : length - warmup);
                yield new Warmup(warmup, cosine);
            }
            case "one_cycle" ->
                new OneCycle(
                        length,
                        params.get("pct_start").asDouble(),
                        params.get("div_factor").asDouble(),
                        params.get("final_div_factor").asDouble(),
                        params.get("anneal").asText().equals("cos") ? Anneal.COSINE : Anneal.LINEAR);
            default -> throw new IllegalArgumentException("no schedule of ours for " + kind);
        };
    }

    private static List<Long> milestones(JsonNode params) {
        List<Long> milestones = new ArrayList<>();
        params.get("milestones").forEach(milestone -> milestones.add(milestone.asLong()));
        return milestones;
    }
}
