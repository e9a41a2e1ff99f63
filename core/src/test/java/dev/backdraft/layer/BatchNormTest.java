package dev.backdraft.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mean and variance of a leaf and what the running ones take up of them; gradients are in the laws and the reference files. */
class BatchNormTest {
    private static final double EPSILON = 1e-3;
    private static final int ROWS = 6;

    private static LayerRun run() {
        return new LayerRun(new BatchNorm(3, EPSILON, 0.25));
    }

    /** Mean and biased variance of a row of the matrix. */
    private static double[] moments(Matrix x, int row) {
        double mean = 0;
        double square = 0;
        for (int n = 0; n < x.columns(); n++) {
            mean += x.get(row, n) / (double) x.columns();
        }
        for (int n = 0; n < x.columns(); n++) {
            square += (x.get(row, n) - mean) * (x.get(row, n) - mean) / x.columns();
        }
        return new double[] {mean, square};
    }

    @Test
    void aLeafIsBroughtToMeanZeroAndVarianceOneThenScaledAndShifted() {
        LayerRun run = run();
        float[] scaleAndShift = {2, 0.5f, -1, 10, 20, 30};
        System.arraycopy(scaleAndShift, 0, run.parameters, 0, 6);
        Matrix x = LayerRun.random(3, ROWS, 1);
        Matrix y = run.train(x, null, null);
        for (int i = 0; i < 3; i++) {
            double variance = moments(x, i)[1];
            assertThat(moments(y, i)[0]).isCloseTo(scaleAndShift[3 + i], within(1e-5));
            assertThat(moments(y, i)[1])
                    .isCloseTo(scaleAndShift[i] * scaleAndShift[i] * variance / (variance + EPSILON), within(1e-5));
        }
    }

    @Test
    void aFarMeanDoesNotBlurTheVariance() {
        Matrix x = LayerRun.random(3, ROWS, 2);
        Matrix far = Matrix.zeros(3, ROWS);
        for (int i = 0; i < x.size(); i++) {
            x.values()[i] = Math.round(x.values()[i] * 64) / 64f; // so that adding 1000 is exact
            far.values()[i] = x.values()[i] + 1000;
        }
        assertThat(run().train(far, null, null).values())
                .containsExactly(run().train(x, null, null).values(), within(1e-4f));
    }

    @Test
    void statisticsOfAStepAreTheMeanOverItsLeaves() {
        LayerRun run = run();
        Matrix first = LayerRun.random(3, ROWS, 3);
        Matrix second = LayerRun.random(3, 2, 4);
        run.train(first, null, null);
        run.train(second, null, null);
        float[] mean = run.sums.clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= ROWS + 2;
        }
        run.layer.updateStatistics(LayerRun.whole(mean), LayerRun.whole(run.statistics));
        for (int i = 0; i < 3; i++) {
            double[] a = moments(first, i);
            double[] b = moments(second, i);
            double batchMean = (ROWS * a[0] + 2 * b[0]) / (ROWS + 2);
            double batchVariance = (ROWS * a[1] * ROWS / (ROWS - 1.0) + 2 * b[1] * 2) / (ROWS + 2);
            assertThat((double) run.statistics[i]).isCloseTo(0.25 * batchMean, within(1e-6));
            assertThat((double) run.statistics[3 + i]).isCloseTo(0.75 + 0.25 * batchVariance, within(1e-6));
        }
    }

    @Test
    void aWeightCountsLikeSoManyRows() {
        Matrix x = LayerRun.random(3, 3, 5);
        Matrix repeated = Matrix.zeros(3, 6);
        int[] rows = {0, 0, 0, 1, 2, 2};
        for (int n = 0; n < 6; n++) {
            System.arraycopy(x.values(), 3 * rows[n], repeated.values(), 3 * n, 3);
        }
        Matrix y = run().train(x, new float[] {3, 1, 2}, null);
        Matrix expected = run().train(repeated, null, null);
        for (int i = 0; i < 3; i++) {
            assertThat(y.get(i, 0)).isCloseTo(expected.get(i, 0), within(1e-5f));
            assertThat(y.get(i, 1)).isCloseTo(expected.get(i, 3), within(1e-5f));
            assertThat(y.get(i, 2)).isCloseTo(expected.get(i, 4), within(1e-5f));
        }
    }

    @Test
    void aRowOfWeightZeroIsNoRow() {
        Matrix x = LayerRun.random(3, ROWS, 6);
        float[] weights = {1, 1, 1, 1, 0, 0};
        LayerRun run = run();
        Matrix y = run.train(x, weights, null);
        LayerRun without = run();
        Matrix expected = without.train(LayerRun.columns(x, 0, 4), null, null);

        assertThat(Arrays.copyOf(y.values(), 12)).containsExactly(expected.values());
        assertThat(run.sums).containsExactly(without.sums);
    }

    @Test
    void aLeafWithoutWeightCountsForNothing() {
        Network network = Network.builder(2).dense(3).batchNorm().dense(1).build();
        float[] parameters = network.initialParameters(1);
        Backpropagation backpropagation = new Backpropagation(network, new SquaredError(), ROWS);
        GradientSum sum = new GradientSum(network.length());
        backpropagation.addGradient(
                parameters, LayerRun.random(2, ROWS, 7), LayerRun.random(1, ROWS, 8), new float[ROWS], sum);

        assertThat(sum.gradient()).containsOnly(0f);
        assertThat(sum.losses().loss()).isZero();
        assertThat(sum.losses().weight()).isZero();
    }

    @Test
    void aLeafOfOneRowGivesTheShiftAndItsGradient() {
        LayerRun run = run();
        run.parameters[4] = 7;
        Matrix y = run.train(LayerRun.random(3, 1, 9), null, null);
        Matrix dx = run.backward(new Matrix(new float[] {1, 2, 3}, 0, 3, 1));

        assertThat(y.values()).containsExactly(0, 7, 0);
        assertThat(dx.values()).containsExactly(new float[3], within(1e-6f));
        assertThat(run.gradient).containsExactly(0, 0, 0, 1, 2, 3);
        assertThat(Arrays.copyOfRange(run.sums, 3, 6)).as("variance").containsOnly(0f);
    }

    @Test
    void aTrainedNetworkNormalisesByTheRunningStatistics() {
        LayerRun run = run();
        float[] statistics = {1, 2, 3, 4, 5, 6};
        System.arraycopy(statistics, 0, run.statistics, 0, 6);
        float[] parameters = {1, 2, 3, 0.1f, 0.2f, 0.3f};
        System.arraycopy(parameters, 0, run.parameters, 0, 6);
        Matrix x = LayerRun.random(3, ROWS, 10);
        Matrix y = run.evaluate(x);
        Matrix dy = LayerRun.random(3, ROWS, 11);
        Matrix dx = run.backward(dy);
        for (int n = 0; n < ROWS; n++) {
            for (int i = 0; i < 3; i++) {
                double scale = parameters[i] / Math.sqrt(statistics[3 + i] + EPSILON);
                double expected = scale * (x.get(i, n) - statistics[i]) + parameters[3 + i];
                assertThat((double) y.get(i, n)).isCloseTo(expected, within(1e-5));
                assertThat((double) dx.get(i, n)).isCloseTo(scale * dy.get(i, n), within(1e-5));
            }
        }
        assertThat(run.sums).as("nothing is gathered").containsOnly(0f);
        Matrix alone = run.evaluate(LayerRun.columns(x, 2, 3));
        assertThat(alone.values())
                .as("alone")
                .containsExactly(LayerRun.columns(y, 2, 3).values());
    }

    @Test
    void statisticsStartAsThoseOfStandardisedValues() {
        assertThat(run().statistics).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(run().parameters).containsExactly(1, 1, 1, 0, 0, 0);
        Network network = new Network(List.of(new BatchNorm(2, EPSILON, 0.1)));
        assertThat(network.initialParameters(5)).containsExactly(1, 1, 0, 0, 0, 0, 1, 1);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new BatchNorm(0, 1e-5, 0.1)).hasMessageContaining("must be positive: 0");
        assertThatThrownBy(() -> new BatchNorm(1, 0, 0.1))
                .hasMessageContaining("epsilon must be positive and finite: 0.0");
        assertThatThrownBy(() -> new BatchNorm(1, 1e-5, 1.1)).hasMessageContaining("must be between 0 and 1: 1.1");
        assertThatThrownBy(() -> new BatchNorm(1, 1e-5, Double.NaN)).hasMessageContaining("must be between 0 and 1");
    }
}
