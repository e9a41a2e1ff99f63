package dev.backdraft.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Each example alone is brought to mean 0 and variance 1; gradients are in the laws and the reference files. */
class LayerNormTest {
    private static final int SIZE = 4;

    @Test
    void anExampleIsBroughtToMeanZeroAndVarianceOneThenScaledAndShifted() {
        LayerRun run = new LayerRun(new LayerNorm(SIZE, 1e-5));
        float[] parameters = {1, 2, 3, 4, 0.1f, 0.2f, 0.3f, 0.4f};
        System.arraycopy(parameters, 0, run.parameters, 0, 8);
        Matrix x = LayerRun.random(SIZE, 3, 1);
        Matrix y = run.train(x, null, null);
        for (int n = 0; n < 3; n++) {
            double mean = 0;
            double square = 0;
            for (int i = 0; i < SIZE; i++) {
                double normalized = (y.get(i, n) - parameters[SIZE + i]) / (double) parameters[i];
                mean += normalized / SIZE;
                square += normalized * normalized / SIZE;
            }
            assertThat(mean).isCloseTo(0, within(1e-6));
            assertThat(square).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void trainingPredictionAndTheRestOfTheBatchMakeNoDifference() {
        Matrix x = LayerRun.random(SIZE, 3, 2);
        LayerRun run = new LayerRun(new LayerNorm(SIZE, 1e-5));
        float[] trained = run.train(x, new float[] {1, 2, 3}, null).values();
        assertThat(run.evaluate(x).values()).containsExactly(trained);
        assertThat(run.evaluate(LayerRun.columns(x, 1, 2)).values())
                .containsExactly(trained[SIZE], trained[SIZE + 1], trained[SIZE + 2], trained[SIZE + 3]);
    }

    @Test
    void aFactorAndAnOffsetOfAnExampleDoNotShow() {
        Matrix x = LayerRun.random(SIZE, 2, 3);
        Matrix moved = Matrix.zeros(SIZE, 2);
        for (int i = 0; i < x.size(); i++) {
            x.values()[i] = Math.round(x.values()[i] * 64) / 64f; // so that adding is exact
            moved.values()[i] = 8 * x.values()[i] + 1000;
        }
        LayerNorm layer = new LayerNorm(SIZE, 1e-12);
        assertThat(new LayerRun(layer).train(moved, null, null).values())
                .containsExactly(new LayerRun(layer).train(x, null, null).values(), within(1e-4f));
    }

    @Test
    void equalEntriesGiveTheShift() {
        for (int size : new int[] {1, 3}) {
            LayerRun run = new LayerRun(new LayerNorm(size, 1e-5));
            run.parameters[size] = 7;
            Matrix x = Matrix.zeros(size, 1);
            Arrays.fill(x.values(), 5);
            assertThat(run.train(x, null, null).get(0, 0)).isEqualTo(7);
            assertThat(run.backward(x).values()).containsOnly(0f);
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new LayerNorm(0, 1e-5)).hasMessageContaining("must be positive: 0");
        assertThatThrownBy(() -> new LayerNorm(1, -1))
                .hasMessageContaining("epsilon must be positive and finite: -1.0");
    }
}
