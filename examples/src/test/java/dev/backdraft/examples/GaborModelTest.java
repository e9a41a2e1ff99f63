package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.layer.Layers;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.Network;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaborModelTest {
    @ParameterizedTest
    @ValueSource(doubles = {8, 32})
    void theLayersGradientIsThatOfDifferences(double width) {
        Network network = new Network(List.of(new GaborLayer(width)));
        Matrix x = new Matrix(new float[] {-12, -3, 0, 4, 9.5f}, 0, 1, 5);
        Matrix target = new Matrix(new float[] {0.5f, -0.25f, 0, 1, -1}, 0, 1, 5);
        assertThat(GradientCheck.of(network, new SquaredError(), new float[] {0.5f, 7}, x, target, null, null)
                        .maxRelativeError())
                .isLessThan(1e-3);
    }

    @Test
    void theLayerIsTheFormula() {
        double u = 0.3 + 0.06 * 12 * 4.5;
        double[] minimum = {0.3, 12};
        assertThat(value(new GaborLayer(), minimum, 4.5)).isCloseTo(Math.sin(u) * Math.exp(-u * u / 32), within(1e-6));
        assertThat(value(new GaborLayer(8), minimum, 4.5)).isCloseTo(Math.sin(u) * Math.exp(-u * u / 8), within(1e-6));
    }

    private static double value(GaborLayer layer, double[] phi, double x) {
        Network network = new Network(List.of(layer));
        return new Backpropagation(network, new SquaredError(), 1)
                .forward(new float[] {(float) phi[0], (float) phi[1]}, new Matrix(new float[] {(float) x}, 0, 1, 1))
                .get(0, 0);
    }

    @Test
    void filesKnowTheLayerByItsName() {
        assertThat(Layers.CATALOG.named("gabor")).isEqualTo(new GaborLayer());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void stochasticDescentFindsTheGlobalMinimumFromMoreStartsThanBatchDescent(long seed) {
        GaborModel model = new GaborModel(30, seed);
        double[] minimum = model.globalMinimum();
        assertThat(minimum[0]).isCloseTo(0, within(0.3));
        assertThat(minimum[1]).isCloseTo(16.6, within(0.6));
        long batch = ends(model, minimum, BatchLayout.FULL_BATCH, seed);
        long stochastic = ends(model, minimum, 3, seed);
        assertThat(batch).isBetween(1L, 20L);
        assertThat(stochastic).isGreaterThan(batch);
    }

    private static long ends(GaborModel model, double[] minimum, int batch, long seed) {
        return model.descend(40, batch, 4, 400, seed).stream()
                .filter(path -> GaborModel.isNear(path, minimum))
                .count();
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new GaborModel.Options(), GaborModel::run, directory, "--starts 6 --epochs 20");
        assertThat(run.printed()).contains("global minimum: loss 0.01184", "batch", "stochastic");
        assertThat(run.picture()).contains("batch descent", "stochastic descent", "global minimum");
    }
}
