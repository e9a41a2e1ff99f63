package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionApproximationTest {
    @Test
    void moreUnitsFollowTheCurveMoreClosely() {
        double few = medianError(3);
        double some = medianError(30);
        double many = medianError(100);
        assertThat(few).isBetween(0.2, 0.8); // the curve's own deviation is 0.76
        assertThat(some).isLessThan(0.6 * few);
        assertThat(many).isLessThan(0.6 * some).isLessThan(0.06);
    }

    private static double medianError(int units) {
        return FunctionApproximation.fits(units, 2500, 0.01, 5, 1).get(2).error();
    }

    @Test
    void theOutputBendsAtMostOnceForEachUnit() {
        double[] y = FunctionApproximation.fit(3, 300, 0.01, 1).outputs();
        int bends = 0;
        boolean bending = false; // a bend between two points shows at both
        for (int i = 1; i < y.length - 1; i++) {
            boolean bendsHere = Math.abs(y[i + 1] - 2 * y[i] + y[i - 1]) > 1e-5;
            bends += bendsHere && !bending ? 1 : 0;
            bending = bendsHere;
        }
        assertThat(bends).isBetween(1, 3);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(
                new FunctionApproximation.Options(), FunctionApproximation::run, directory, "--units 3,5 --epochs 50");
        assertThat(run.printed()).contains("root mean squared", "10", "16");
        assertThat(run.picture()).contains("the curve", "3 units", "5 units");
    }
}
