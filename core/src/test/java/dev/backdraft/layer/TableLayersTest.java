package dev.backdraft.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers for the columns of tables: their formulas, their first parameters, and what they refuse. */
class TableLayersTest {
    private static final Matrix X = new Matrix(new float[] {0.5f, -2, 3, 0}, 0, 2, 2); // two rows of two features

    private static float[] values(LayerRun run) {
        return run.evaluate(X).values();
    }

    @Test
    void scalingStartsAsTheIdentity() {
        LayerRun run = new LayerRun(new Scaling(2));
        assertThat(values(run)).containsExactly(X.values());
        run.parameters[1] = -3;
        assertThat(values(run)).containsExactly(0.5f, 6, 3, -0f);
    }

    @Test
    void aParametricReluHasASlopeForEachUnitOrOneForAll() {
        LayerRun run = new LayerRun(new Prelu(2, 0.25, false));
        assertThat(values(run)).containsExactly(0.5f, -0.5f, 3, 0);
        run.parameters[1] = -1;
        assertThat(values(run)).containsExactly(0.5f, 2, 3, -0f);
        LayerRun shared = new LayerRun(new Prelu(2, 0.5, true));
        assertThat(shared.parameters).containsExactly(0.5f);
        assertThat(values(shared)).containsExactly(0.5f, -1, 3, 0);
        assertThat(new Prelu().initializerBefore()).isEqualTo(new HeNormal());
    }

    @Test
    void aParametricActivationGoesFromItsFunctionToTheIdentity() {
        LayerRun run = new LayerRun(new ParametricActivation(new Relu(), 2));
        assertThat(values(run)).containsExactly(0.5f, 0, 3, 0);
        run.parameters[1] = 0;
        assertThat(values(run)).containsExactly(0.5f, -2, 3, 0);
        run.parameters[1] = 0.25f;
        assertThat(values(run)).containsExactly(0.5f, -1.5f, 3, 0);
        Tanh tanh = new Tanh();
        assertThat(new ParametricActivation(tanh, 2).initializerBefore()).isEqualTo(tanh.initializer());
    }

    @Test
    void aSelectionKeepsTheOrderOfItsColumns() {
        LayerRun run = new LayerRun(new Select(2, List.of(1, 0)));
        assertThat(values(run)).containsExactly(-2, 0.5f, 0, 3);
        LayerRun one = new LayerRun(new Select(2, List.of(1)));
        assertThat(values(one)).containsExactly(-2, 0);
        assertThat(one.backward(new Matrix(new float[] {7, 8}, 0, 1, 2)).values())
                .containsExactly(0, 7, 0, 8);
    }

    @Test
    void wavesOfEachInputAreMixedByItsOwnParameters() {
        LayerRun dense = new LayerRun(new PeriodicEmbedding(2, PeriodicForm.PBLD, 1, 2, 0.1));
        set(dense, 0.25f, 0.5f, 0, 1, 3, 5, 0.5f, -0.5f); // c, φ, W, b: each of input 0, then of input 1
        assertThat(values(dense))
                .containsExactly(
                        new float[] {
                            0.5f,
                            (float) (3 * Math.cos(Math.PI / 4) + 0.5),
                            -2,
                            (float) (5 * Math.cos(-2 * Math.PI + 1) - 0.5),
                            3,
                            0.5f,
                            0,
                            (float) (5 * Math.cos(1) - 0.5)
                        },
                        within(2e-6f));
        LayerRun linear = new LayerRun(new PeriodicEmbedding(2, PeriodicForm.PL, 1, 1, 0.1));
        LayerRun bent = new LayerRun(new PeriodicEmbedding(2, PeriodicForm.PLR, 1, 1, 0.1));
        for (LayerRun run : List.of(linear, bent)) {
            set(run, 0.5f, 0.25f, 2, 3, 4, 5, 0.25f, -0.25f); // c, W of sines, W of cosines, b
        }
        float[] expected = {2.25f, -5.25f, -3.75f, 4.75f}; // 2 sin πx + 4 cos πx + ¼, 3 sin πx/2 + 5 cos πx/2 − ¼
        assertThat(values(linear)).containsExactly(expected, within(2e-6f));
        assertThat(values(bent)).containsExactly(new float[] {2.25f, 0, 0, 4.75f}, within(2e-6f));
    }

    @Test
    void piecesGoOnBelowTheFirstBoundaryAndAboveTheLast() {
        List<List<Double>> boundaries = List.of(List.of(0.0, 1.0, 3.0), List.of(-1.0, 1.0));
        LayerRun run = new LayerRun(new PiecewiseLinearEmbedding(boundaries, 1));
        assertThat(run.parameters[3]).as("of a bin that input 1 does not have").isZero();
        set(run, 1, 10, 100, 0, 5, 50); // W of the first bins, of the second bins, b
        assertThat(values(run)).containsExactly(5 + 0.5f, 50 - 5, 5 + 101, 50 + 5);
        Matrix outside = new Matrix(new float[] {-2, 3, 5, -1}, 0, 2, 2);
        assertThat(run.evaluate(outside).values()).containsExactly(5 - 2, 50 + 20, 5 + 1 + 200, 50);
    }

    private static void set(LayerRun run, float... parameters) {
        assertThat(run.parameters).hasSameSizeAs(parameters);
        System.arraycopy(parameters, 0, run.parameters, 0, parameters.length);
    }

    @Test
    void firstParametersAreThoseOfTheAuthors() {
        PeriodicEmbedding waves = new PeriodicEmbedding(100, PeriodicForm.PBLD, 16, 4, 0.1);
        float[] p = new LayerRun(waves).parameters;
        assertThat(deviation(p, 0, 1600)).isCloseTo(0.1, within(0.01));
        assertThat(largest(p, 1600, 3200)).isBetween(0.99 * Math.PI, Math.PI);
        assertThat(largest(p, 3200, p.length - 300)).isBetween(0.249, 0.25); // 1/√16
        assertThat(largest(p, p.length - 300, p.length)).isBetween(0.24, 0.25);
        Embedding embedding = new Embedding(1, List.of(new Codes(0, 500, 8)));
        assertThat(deviation(new LayerRun(embedding).parameters, 0, 4000)).isCloseTo(1, within(0.05));
        PiecewiseLinearEmbedding pieces = new PiecewiseLinearEmbedding(List.of(List.of(0.0, 1.0, 2.0, 3.0, 4.0)), 500);
        assertThat(largest(new LayerRun(pieces).parameters, 0, 2500)).isBetween(0.49, 0.5); // 1/√4
    }

    private static double deviation(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    private static double largest(float[] values, int from, int to) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    /** A row's output must not depend on the batch that it is in: large batches, or one row. */
    @Test
    void aRowHasTheSameBitsInAnyBatch() {
        List<List<Double>> boundaries = List.of(List.of(-1.0, 0.0, 1.0), List.of(-0.5, 0.5));
        for (Layer layer : List.of(
                new Scaling(2),
                new Prelu(2, 0.3, false),
                new ParametricActivation(),
                new PeriodicEmbedding(2, PeriodicForm.PLR, 3, 4, 1),
                new PeriodicEmbedding(2, PeriodicForm.PBLD, 3, 4, 1),
                new PiecewiseLinearEmbedding(boundaries, 3))) {
            LayerRun run = new LayerRun(layer);
            Matrix all = LayerRun.random(layer.inputSize(), 37, 5);
            float[] together = run.evaluate(all).values();
            for (int n = 0; n < 37; n++) {
                float[] alone = run.evaluate(LayerRun.columns(all, n, n + 1)).values();
                int from = n * layer.outputSize();
                assertThat(alone)
                        .as("%s", layer)
                        .containsExactly(Arrays.copyOfRange(together, from, from + layer.outputSize()));
            }
        }
    }

    @Test
    void theGradientOfTheOutputIsOnlyRead() {
        LayerRun run = new LayerRun(new PeriodicEmbedding(2, PeriodicForm.PLR, 3, 4, 1));
        run.train(X, null, null);
        Matrix dy = LayerRun.random(8, 2, 1);
        float[] before = dy.values().clone();
        run.backward(dy);
        assertThat(dy.values()).containsExactly(before);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Scaling(0)).hasMessage("layer sizes must be positive: 0");
        assertThatThrownBy(() -> new Select(2, List.of())).hasMessageContaining("at least one column");
        assertThatThrownBy(() -> new Select(2, List.of(0, 2)))
                .hasMessage("a selection has column 2: columns are numbers from 0 to 1, each at most once");
        assertThatThrownBy(() -> new Select(2, List.of(1, 1))).hasMessageContaining("has column 1");
        assertThatThrownBy(() -> new Select(2, Arrays.asList(0, null))).hasMessageContaining("has column null");
        assertThatThrownBy(() -> new PeriodicEmbedding(1, PeriodicForm.PBLD, 1, 1, 1))
                .hasMessage("the embedding size of a periodic embedding must be at least 2: 1");
        assertThatThrownBy(() -> new PeriodicEmbedding(1, PeriodicForm.PL, 0, 1, 1))
                .hasMessage("the number of frequencies must be at least 1: 0");
        assertThatThrownBy(() -> new PeriodicEmbedding(1 << 20, PeriodicForm.PL, 1 << 10, 4, 1))
                .hasMessageContaining("a periodic embedding has 1")
                .hasMessageContaining("parameters: at most");
        for (List<Double> boundaries :
                List.of(List.of(1.0), List.of(1.0, 1.0), List.of(0.0, Double.NaN), Arrays.asList(0.0, (Double) null))) {
            assertThatThrownBy(() -> new PiecewiseLinearEmbedding(List.of(List.of(0.0, 1.0), boundaries), 1))
                    .hasMessageContaining("the boundaries of input 1 are " + boundaries)
                    .hasMessageContaining("at least two ascending numbers");
        }
    }
}
