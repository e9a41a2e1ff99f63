package dev.backdraft.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A schedule says whether it looks at the length of the training. */
class ScheduleTotalTest {
    static Stream<Schedule> schedules() {
        return Stream.concat(
                Schedules.all().stream(),
                Stream.of(
                        new Cosine(0, 20),
                        new Polynomial(1, 0, 20),
                        new OneCycle(20, 0.3, 25, 1e4, OneCycle.Anneal.LINEAR),
                        new CosineRestarts(0, 5, 2),
                        new StepDecay(7, 0.1),
                        new MultiStep(List.of(3L, 9L), 0.1),
                        new FlatCosine(0.25, 20),
                        new CosLog4(20),
                        new Warmup(4, new Constant()),
                        new Warmup(4, new Cosine()),
                        new Warmup(4, new Cosine(0, 20)),
                        new Warmup(0, new Cosine(0, 20))));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aScheduleSaysWhetherItsRatesLookAtTheTotal(Schedule schedule) {
        boolean differs = LongStream.range(0, 30).anyMatch(t -> LongStream.of(40, 60, 100)
                .anyMatch(total -> schedule.rate(0.1, t, total) != schedule.rate(0.1, t, 30)));
        assertThat(schedule.dependsOnTotal()).isEqualTo(differs);
    }
}
