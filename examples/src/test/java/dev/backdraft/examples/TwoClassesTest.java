package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.Network;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoClassesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void thePerceptronSeparatesTheClassesWithinNovikoffsBound(long seed) {
        List<Example> rows = TwoClasses.points(60, 0.6, 0, seed, 0);
        TwoClasses.Line line = TwoClasses.perceptron(rows, 500);
        assertThat(line.accuracy(rows)).isEqualTo(1);
        assertThat(line.margin(rows)).isPositive();
        assertThat(line.epochs()).isLessThan(500);
        assertThat(line.mistakes()).isPositive();
        assertThat((double) line.mistakes()).isLessThan(TwoClasses.mistakesAtMost(rows, TwoClasses.border()));
    }

    @Test
    void thePerceptronIsRosenblattsRule() {
        List<Example> row = List.of(Example.dense(new float[] {2, -3}, 0));
        TwoClasses.Line line = TwoClasses.perceptron(row, 1);
        assertThat(line.w()).containsExactly(-2, 3);
        assertThat(line.b()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSupportVectorMachineFindsTheWidestMargin(long seed) {
        List<Example> rows = TwoClasses.points(60, 1.6, 0, seed, 0);
        double widest = widestMargin(rows);
        assertThat(TwoClasses.supportVectors(rows, 2000).margin(rows)).isBetween(0.95 * widest, widest + 1e-3);
        assertThat(TwoClasses.perceptron(rows, 500).margin(rows)).isLessThan(widest);
        assertThat(TwoClasses.logistic(rows, 2000).margin(rows)).isBetween(0.0, widest);
    }

    /** Of lines in all directions, half the distance between the classes along w. */
    private static double widestMargin(List<Example> rows) {
        double widest = Double.NEGATIVE_INFINITY;
        for (double angle = 0; angle < 2 * Math.PI; angle += 1e-4) {
            double nearest1 = Double.POSITIVE_INFINITY;
            double nearest0 = Double.NEGATIVE_INFINITY;
            for (Example row : rows) {
                double at = Math.cos(angle) * row.values()[0] + Math.sin(angle) * row.values()[1];
                nearest1 = row.label() > 0 ? Math.min(nearest1, at) : nearest1;
                nearest0 = row.label() > 0 ? nearest0 : Math.max(nearest0, at);
            }
            widest = Math.max(widest, (nearest1 - nearest0) / 2);
        }
        return widest;
    }

    @Test
    void withWrongLabelsThePerceptronNeverEndsAndTheOthersStillFindTheBorder() {
        List<Example> rows = TwoClasses.points(200, 0, 0.1, 1, 0);
        List<Example> right = TwoClasses.points(1000, 0, 0, 1, 1);
        assertThat(TwoClasses.perceptron(rows, 60).epochs()).isEqualTo(60);
        assertThat(TwoClasses.logistic(rows, 500).accuracy(right)).isGreaterThan(0.95);
        assertThat(TwoClasses.supportVectors(rows, 500).accuracy(right)).isGreaterThan(0.95);
    }

    @Test
    void theGradientOfOurOwnLossIsThatOfDifferencesAndFilesKnowIt() {
        Network network = Network.perceptron(new Tanh(), 2, 3, 1);
        Matrix x = new Matrix(new float[] {1, 2, -1, 0.5f, 0.25f, -2}, 0, 2, 3);
        Matrix target = new Matrix(new float[] {1, 0, 1}, 0, 1, 3);
        assertThat(GradientCheck.of(
                                network,
                                Losses.named("perceptron"),
                                network.initialParameters(1),
                                x,
                                target,
                                null,
                                null)
                        .maxRelativeError())
                .isLessThan(1e-3);
        assertThat(Losses.named("perceptron")).isEqualTo(new PerceptronLoss());
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new TwoClasses.Options(), TwoClasses::run, directory, "--epochs 50");
        assertThat(run.printed()).contains("perceptron", "logistic", "support vector", "Novikoff");
        assertThat(run.picture()).contains("class 0", "class 1", "support vector machine", "the true border");
    }
}
