package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.plan.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is advised, as a function of where the time went; and when. */
class AdviserTest {
    private static StepPlan plan(StepPlan.Route route, int workers, int slots, long networkBytes) {
        return new StepPlan(route, 4, 32, 1, workers, slots, 1 << 20, networkBytes, List.of());
    }

    /** A hundred steps in a second, with these shares of it in per cent; the rest is the update. */
    private static StepTimes times(int compute, int combine, int publish, int waiting) {
        long percent = 10_000_000;
        return new StepTimes(100, compute * percent, combine * percent, publish * percent, waiting * percent, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "LOCAL,    0, 50,  0,  0, 50, batch too small for 4 threads: a step computes for 5.0 ms and waits for 5.0 ms: use a larger batch (--batch-size)",
        "JOB,      0, 10,  0,  5, 80, batch too small for one Spark job per step: a step computes for 1.0 ms and waits for 8.0 ms: use",
        "RESIDENT, 0, 30,  0,  5, 60, batch too small for 4 workers: a step computes for 3.0 ms and waits for 6.0 ms",
        "RESIDENT, 9, 30,  0,  5, 60, batch too small for this cluster: a step computes for 3.0 ms and waits for 6.0 ms",
        "LOCAL,    0, 50,  0,  0,  5, 'the update of 1,048,576 parameters takes 45 % of the time (4.5 of 10 ms per step)'",
        "JOB,      9, 20, 60, 10, 10, adding the sums of 4 workers takes 60 % of the time (6.0 of 10 ms per step)",
        "JOB,      9, 20, 10, 60, 10, sending 4.0 MiB of parameters takes 60 % of the time (6.0 of 10 ms per step)"
    })
    void thePartThatStandsOutIsNamedWithFigures(
            StepPlan.Route route, long bytes, int compute, int combine, int publish, int waiting, String advice) {
        assertThat(Adviser.advice(plan(route, 4, 4, bytes), times(compute, combine, publish, waiting), 1))
                .startsWith(advice);
    }

    @Test
    void nothingIsAdvisedWhenNoPartStandsOut() {
        assertThat(Adviser.advice(plan(StepPlan.Route.JOB, 4, 4, 9), times(30, 20, 20, 20), 1))
                .isNull();
        assertThat(Adviser.advice(plan(StepPlan.Route.LOCAL, 4, 4, 0), times(95, 1, 1, 1), 1))
                .isNull();
        assertThat(Adviser.advice(plan(StepPlan.Route.LOCAL, 4, 4, 0), StepTimes.NONE, 1))
                .isNull();
    }

    @Test
    void slotsWithoutALaneAreNamedWhenComputingIsWhatTakesTheTime() {
        assertThat(Adviser.advice(plan(StepPlan.Route.RESIDENT, 4, 16, 9), times(80, 5, 5, 5), 1))
                .startsWith("12 of 16 slots have nothing to do, as a step has 4 lanes");
        assertThat(Adviser.advice(plan(StepPlan.Route.RESIDENT, 4, 16, 9), times(45, 15, 15, 15), 1))
                .isNull();
    }

    /** A million parameters, 4 slots for each executor. */
    private static StepPlan onExecutors(int executors, int lanes, int leafRows, boolean tree) {
        int slots = 4 * executors;
        long bytes = 8_000_000L * (tree ? Math.min(2, executors) : executors);
        return new StepPlan(
                StepPlan.Route.RESIDENT,
                lanes,
                leafRows,
                executors,
                Math.min(slots, lanes),
                slots,
                1_000_000,
                bytes,
                List.of());
    }

    @Test
    void moreExecutorsThanABatchNeedsAreNamedBeforeTheStart() {
        assertThat(Adviser.beforeStart(onExecutors(10, 16, 64, true))) // 9.6 + 20 ms; on 4: 9.6 + 10
                .startsWith(
                        "10 executors are too many for batches of 1,024 rows: in a step they compute for at most 9.6 ms,"
                                + " but parameters and gradients travel for at least 20 ms, so that 4 would be faster");
        assertThat(Adviser.beforeStart(onExecutors(10, 8, 32, true))) // 256 rows on 8: 4.8 + 15 ms; on 2: 4.8 + 6.6
                .isEqualTo(
                        "8 executors are too many for batches of 256 rows: in a step they compute for at most 4.8 ms,"
                                + " but parameters and gradients travel for at least 15 ms, so that 2 would be faster: use fewer"
                                + " executors (spark.executor.instances, spark.cores.max) or a batch of 4,096 rows or more"
                                + " (--batch-size)");
        assertThat(Adviser.beforeStart(onExecutors(10, 12, 64, false))) // 9.6 + 32.2 ms; on 3: 9.6 + 9.8
                .startsWith(
                        "10 executors are too many for batches of 768 rows: in a step they compute for at most 9.6 ms,"
                                + " but parameters and gradients travel for at least 32 ms, so that 3 would be faster");
    }

    @Test
    void nothingIsSaidBeforeTheStartWhenTheModelIsNotSure() {
        assertThat(Adviser.beforeStart(onExecutors(10, 64, 1024, true))).isNull();
        assertThat(Adviser.beforeStart(onExecutors(2, 2, 64, true))).isNull(); // 9.6 + 6.6 ms; on 1: 9.6 + 3.4
        assertThat(Adviser.beforeStart(onExecutors(1, 1, 8, true))).isNull();
        assertThat(Adviser.beforeStart(plan(StepPlan.Route.RESIDENT, 4, 4, 0))).isNull();
        assertThat(Adviser.beforeStart(plan(StepPlan.Route.LOCAL, 4, 4, 0))).isNull();
        assertThat(Adviser.beforeStart(plan(StepPlan.Route.JOB, 4, 4, 8_000_000)))
                .isNull();
    }

    private static EpochResult epoch(double seconds, StepTimes times) {
        return new EpochResult(1, 9, 0, 0, 0, 0, 0, new TreeMap<>(), 1, seconds, times);
    }

    @Test
    void adviceComesOnceAfterTheFirstSeconds() {
        Adviser adviser = new Adviser(plan(StepPlan.Route.LOCAL, 4, 4, 0));
        List<Integer> advised = new ArrayList<>();
        for (int epoch = 1; epoch <= 20; epoch++) {
            if (adviser.epochEnded(epoch(1, times(10, 0, 0, 90))) != null) {
                advised.add(epoch);
            }
        }
        assertThat(advised).containsExactly(5); // three seconds to warm up, two to look
    }

    @Test
    void anEpochThatIsLongNeedsNoOtherToWarmUp() {
        Adviser adviser = new Adviser(plan(StepPlan.Route.LOCAL, 4, 4, 0));
        assertThat(adviser.epochEnded(epoch(60, times(10, 0, 0, 5_900)))).contains("batch too small");
    }

    @Test
    void nothingIsAdvisedWithoutAnAccount() {
        Adviser adviser = new Adviser(plan(StepPlan.Route.LOCAL, 4, 4, 0));
        assertThat(adviser.epochEnded(epoch(60, null))).isNull();
    }
}
