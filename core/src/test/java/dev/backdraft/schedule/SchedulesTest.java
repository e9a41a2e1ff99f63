package dev.backdraft.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.json.RecordJson;
import dev.backdraft.schedule.BatchGrowth.RateRule;
import dev.backdraft.schedule.OneCycle.Anneal;
import dev.backdraft.schedule.ReduceOnPlateau.Mode;
import dev.backdraft.schedule.ReduceOnPlateau.ThresholdMode;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules of the learning rate and of the batch size. */
class SchedulesTest {
    private static final RecordJson JSON = new RecordJson(List.of(Schedules.CATALOG));

    static List<Schedule> everySchedule() {
        return Schedules.all();
    }

    @ParameterizedTest
    @MethodSource("everySchedule")
    void theRateIsNeverNegativeAndNeverAboveTheBase(Schedule schedule) {
        for (long total : new long[] {0, 1, 2, 3, 10, 97, 1000}) {
            for (long t = 0; t <= total + 3; t++) {
                assertThat(schedule.rate(0.3, t, total))
                        .as("rate %d of %d", t, total)
                        .isBetween(0.0, 0.3);
            }
            assertThat(schedule.rate(0.3, 1L << 40, total)).isBetween(0.0, 0.3);
        }
    }

    @ParameterizedTest
    @MethodSource("everySchedule")
    void theRateIsProportionalToTheBase(Schedule schedule) {
        for (long t = 0; t < 50; t++) {
            assertThat(schedule.rate(0.5, t, 40)).isCloseTo(5 * schedule.rate(0.1, t, 40), within(1e-15));
        }
    }

    @ParameterizedTest
    @MethodSource("everySchedule")
    void isFoundByItsNameMadeWithoutArgumentsAndReadBackFromJson(Schedule schedule)
            throws ReflectiveOperationException {
        assertThat(schedule.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(Schedules.named(schedule.name())).isEqualTo(schedule);
        assertThat(schedule.getClass().getConstructor().newInstance()).isEqualTo(schedule);
        assertThat(JSON.read(JSON.write(schedule), Schedules.CATALOG)).isEqualTo(schedule);
    }

    @Test
    void usersOwnStandBehindOurs() {
        assertThat(Schedules.all()).endsWith(new SquareRootDecay()).hasSize(15);
        assertThatThrownBy(() -> Schedules.named("cosinus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cosine-restarts");
    }

    @ParameterizedTest
    @MethodSource("everySchedule")
    void aWarmUpGoesStraightToTheStartOfAnySchedule(Schedule then) {
        Warmup schedule = new Warmup(8, then);
        double start = then.rate(0.2, 0, 92);
        for (long t = 0; t < 8; t++) {
            assertThat(schedule.rate(0.2, t, 100)).isCloseTo(start * (t + 1) / 8, within(1e-15));
        }
        for (long t = 8; t < 110; t++) {
            assertThat(schedule.rate(0.2, t, 100)).isEqualTo(then.rate(0.2, t - 8, 92));
        }
    }

    @Test
    void restartsComeAfterLengthsThatMultiply() {
        CosineRestarts schedule = new CosineRestarts(0.01, 10, 2);
        for (long restart : new long[] {0, 10, 30, 70, 150}) {
            assertThat(schedule.rate(0.1, restart, 0)).isEqualTo(0.1);
        }
        // eq. 5 in the middle of each cycle, and just before its end
        for (long middle : new long[] {5, 20, 50, 110}) {
            assertThat(schedule.rate(0.1, middle, 0)).isCloseTo(0.055, within(1e-15));
        }
        assertThat(schedule.rate(0.1, 69, 0))
                .isCloseTo(0.01 + 0.045 * (1 + Math.cos(Math.PI * 39 / 40)), within(1e-15));
        CosineRestarts equal = new CosineRestarts(0, 7, 1);
        for (long t = 0; t < 50; t++) {
            assertThat(equal.rate(1, t, 0)).isEqualTo(equal.rate(1, t % 7, 0));
        }
        CosineRestarts fromLength = new CosineRestarts(0, 0, 2);
        assertThat(fromLength.rate(1, 10, 70)).isEqualTo(1);
        assertThat(fromLength.rate(1, 30, 70)).isEqualTo(1);
    }

    @Test
    void lengthsAreTakenFromTheTrainingWhereNoneIsGiven() {
        assertThat(new StepDecay().rate(1, 29, 90)).isEqualTo(1);
        assertThat(new StepDecay().rate(1, 30, 90)).isEqualTo(0.1);
        assertThat(new MultiStep().rate(1, 49, 100)).isEqualTo(1);
        assertThat(new MultiStep().rate(1, 50, 100)).isEqualTo(0.1);
        assertThat(new MultiStep().rate(1, 75, 100)).isCloseTo(0.01, within(1e-15));
        assertThat(new Warmup().rate(1, 0, 100)).isEqualTo(0.2);
        assertThat(new Warmup().rate(1, 4, 100)).isEqualTo(1);
        assertThat(new Cosine().rate(1, 50, 100)).isCloseTo(0.5, within(1e-15));
        assertThat(new Polynomial().rate(1, 25, 100)).isEqualTo(0.75);
        assertThat(new FlatCosine().rate(1, 50, 100)).isEqualTo(1);
        assertThat(new FlatCosine().rate(1, 75, 100)).isCloseTo(0.5, within(1e-15));
        assertThat(new FlatCosine(0, 0).rate(1, 30, 100)).isEqualTo(new Cosine().rate(1, 30, 100));
        assertThat(new FlatCosine(1, 0).rate(1, 99, 100)).isEqualTo(1);
        assertThat(new CosLog4().rate(1, 1, 15)).isCloseTo(0, within(1e-15)); // the first wave ends at T/15
        assertThat(new CosLog4().rate(1, 11, 15)).isCloseTo(new CosLog4(15).rate(1, 11, 1), within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 10, 33, 100})
    void oneCycleHasOneTop(int total) {
        for (Anneal anneal : Anneal.values()) {
            for (double share : new double[] {0, 0.1, 0.3, 0.5, 0.9, 1}) {
                OneCycle schedule = new OneCycle(0, share, 25, 100, anneal);
                boolean falling = false;
                for (long t = 1; t < total + 5; t++) {
                    double change = schedule.rate(1, t, total) - schedule.rate(1, t - 1, total);
                    falling |= change < 0;
                    assertThat(falling && change > 0)
                            .as("up again at %d of %d", t, total)
                            .isFalse();
                }
            }
        }
    }

    static Stream<Supplier<Object>> settingsThatMakeNoSense() {
        return Stream.of(
                () -> new StepDecay(-1, 0.1),
                () -> new StepDecay(1, 0),
                () -> new StepDecay(1, 1.1),
                () -> new MultiStep(List.of(3L, 3L), 0.1),
                () -> new MultiStep(List.of(0L), 0.1),
                () -> new Exponential(Double.NaN),
                () -> new ExponentialRate(-1),
                () -> new InverseTime(-0.1),
                () -> new InverseSquareRoot(Double.POSITIVE_INFINITY),
                () -> new Polynomial(0, 0, 10),
                () -> new Polynomial(1, -1, 10),
                () -> new Cosine(-1, 10),
                () -> new Cosine(0, -10),
                () -> new CosineRestarts(0, 10, 0),
                () -> new FlatCosine(-0.1, 10),
                () -> new FlatCosine(1.5, 10),
                () -> new FlatCosine(0.5, -1),
                () -> new CosLog4(-1),
                () -> new Warmup(-1, new Constant()),
                () -> new OneCycle(10, 1.1, 25, 100, Anneal.LINEAR),
                () -> new OneCycle(10, 0.5, 0, 100, Anneal.LINEAR),
                () -> new BatchGrowth(0, 1, 1, RateRule.NONE),
                () -> new BatchGrowth(2, 0, 1, RateRule.NONE),
                () -> new BatchGrowth(2, 1, 0, RateRule.NONE),
                () -> new ReduceOnPlateau(Mode.MIN, 1, 0, 0, ThresholdMode.ABSOLUTE, 0, 0),
                () -> new ReduceOnPlateau(Mode.MIN, 0.5, -1, 0, ThresholdMode.ABSOLUTE, 0, 0),
                () -> new ReduceOnPlateau(Mode.MIN, 0.5, 0, 0, ThresholdMode.ABSOLUTE, 0, -1),
                () -> new ReduceOnPlateau().initialState(0));
    }

    @ParameterizedTest
    @MethodSource("settingsThatMakeNoSense")
    void settingsThatMakeNoSenseAreRefused(Supplier<Object> made) {
        assertThatThrownBy(made::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(\\d|NaN|Infinity)");
    }

    @Test
    void aPlateauGoesOnFromItsNumbers() {
        ReduceOnPlateau settings = new ReduceOnPlateau(Mode.MAX, 0.5, 1, 0.1, ThresholdMode.ABSOLUTE, 2, 0.01);
        double[] metrics = {0.1, 0.3, 0.35, 0.3, 0.2, Double.NaN, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.7, 0.7
        };
        PlateauState state = settings.initialState(0.2);
        for (int done = 0; done < metrics.length; done++) {
            PlateauState copy = settings.initialState(1);
            copy.restore(state.numbers());
            for (int t = done; t < metrics.length; t++) {
                PlateauState other = settings.initialState(1);
                other.restore(copy.numbers());
                assertThat(copy.observe(metrics[t]))
                        .isEqualTo(other.observe(metrics[t]))
                        .isEqualTo(copy.rate());
            }
            PlateauState whole = settings.initialState(0.2);
            for (double metric : metrics) {
                whole.observe(metric);
            }
            assertThat(copy.numbers()).containsExactly(whole.numbers());
            state.observe(metrics[done]);
        }
        assertThat(state.rate()).isLessThan(0.2);
        assertThatThrownBy(() -> state.restore(new double[3])).hasMessageContaining("4 numbers, not 3");
    }

    @Test
    void batchesGrowByWholeNumbersUpToALimit() {
        BatchGrowth growth = new BatchGrowth(3, 2, 1000, RateRule.LINEAR);
        int[] expected = {32, 32, 96, 96, 288, 288, 864, 864, 864, 864};
        for (int epoch = 1; epoch <= expected.length; epoch++) {
            assertThat(growth.batchSize(32, epoch)).as("epoch %d", epoch).isEqualTo(expected[epoch - 1]);
            assertThat(growth.rateFactor(32, epoch)).isEqualTo(expected[epoch - 1] / 32.0);
        }
        assertThat(growth.batchSize(2000, 100))
                .as("larger than the limit from the start")
                .isEqualTo(2000);
        assertThat(new BatchGrowth(2, 1, Integer.MAX_VALUE, RateRule.NONE).batchSize(3, Integer.MAX_VALUE))
                .isEqualTo(3 << 29);
        assertThat(new BatchGrowth(1, 1, 10, RateRule.NONE).batchSize(3, Integer.MAX_VALUE))
                .isEqualTo(3);
    }

    @Test
    void theRateFollowsTheBatchByItsRule() {
        assertThat(new BatchGrowth(4, 1, 64, RateRule.SQUARE_ROOT).rateFactor(4, 3))
                .isEqualTo(4);
        assertThat(new BatchGrowth(4, 1, 64, RateRule.LINEAR).rateFactor(4, 3)).isEqualTo(16);
        assertThat(new BatchGrowth(4, 1, 64, RateRule.NONE).rateFactor(4, 3)).isEqualTo(1);
        assertThatThrownBy(() -> new BatchGrowth().batchSize(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchGrowth().batchSize(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
