package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthExperimentTest {
    @Test
    void theNetworksHaveTheParametersOfTheBook() {
        assertThat(List.of(1, 2, 3, 4))
                .map(layers -> DepthExperiment.network(layers).parameterCount())
                .containsExactly(15_208, 15_210, 15_235, 15_319);
    }

    @Test
    void labelsAreRandomAndTheirOwnForEachSeed() {
        List<Example> rows = DepthExperiment.randomlyLabelled(4000, 1);
        List<Example> others = DepthExperiment.randomlyLabelled(4000, 2);
        int equal = 0;
        int[] counts = new int[10];
        for (int i = 0; i < 4000; i++) {
            counts[(int) rows.get(i).label()]++;
            equal += rows.get(i).label() == others.get(i).label() ? 1 : 0;
        }
        assertThat(Arrays.stream(counts)).allMatch(count -> count > 325 && count < 475); // 4 deviations about 400
        assertThat(equal).isBetween(325, 475);
    }

    @Test
    void aFewRandomLabelsAreFittedAndSoonerByTheDeeperNetwork() {
        List<Example> rows = DepthExperiment.randomlyLabelled(200, 1);
        int shallow = epochsToZero(1, rows);
        int deep = epochsToZero(3, rows);
        assertThat(deep).isPositive().isLessThan(shallow);
    }

    private static int epochsToZero(int layers, List<Example> rows) {
        return DepthExperiment.train(DepthExperiment.network(layers), layers, rows, 0.25, 2000, 1)
                .epochsTo(0);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(
                new DepthExperiment.Options(),
                DepthExperiment::run,
                directory,
                "--rows 100 --rate 0.0025 --epochs 5 --layers 2,4 --seeds 1,2");
        assertThat(run.printed()).contains("15210", "15319", "mean", "not yet");
        assertThat(run.picture()).contains("2 hidden layers", "4 hidden layers");
    }
}
