package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MilesToKilometresTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.0005, 0.005, 0.02, 0.0265})
    void eachStepMultipliesTheErrorOfTheWeightByTheSameFactor(double rate) {
        int epochs = 12;
        double factor = 1 - 2 * rate * MilesToKilometres.meanSquare();
        MilesToKilometres.Course course = MilesToKilometres.learn(rate, epochs);
        double error = -MilesToKilometres.KILOMETRES; // of w = 0
        for (int step = 0; step < epochs; step++) {
            double loss = MilesToKilometres.meanSquare() * error * error;
            assertThat(course.losses()[step]).isCloseTo(loss, within(1e-4 * loss + 1e-8));
            error *= factor;
        }
        assertThat(course.weight() - MilesToKilometres.KILOMETRES)
                .isCloseTo(error, within(1e-4 * Math.abs(error) + 1e-6));
    }

    @Test
    void aSlowRateIsSlowAGoodOneFindsTheFactorAndALargeOneDiverges() {
        MilesToKilometres.Course slow = MilesToKilometres.learn(0.0005, 30);
        MilesToKilometres.Course good = MilesToKilometres.learn(0.005, 30);
        MilesToKilometres.Course diverging = MilesToKilometres.learn(0.0265, 30);
        assertThat(good.weight()).isCloseTo(MilesToKilometres.KILOMETRES, within(1e-5));
        assertThat(slow.losses()[29]).isBetween(good.losses()[29], slow.losses()[0]);
        assertThat(diverging.losses()[29]).isGreaterThan(3 * diverging.losses()[0]);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new MilesToKilometres.Options(), MilesToKilometres::run, directory, "--epochs 40");
        assertThat(run.printed()).contains("0.0265", "1.6093");
        assertThat(run.picture()).contains("rate 0.0005", "rate 0.005", "rate 0.0265");
    }
}
