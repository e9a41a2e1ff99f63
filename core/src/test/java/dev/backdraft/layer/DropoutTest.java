package dev.backdraft.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mask belongs to a row, an epoch and a layer, and its mean over many draws is the identity. */
class DropoutTest {
    private static final int SIZE = 5;
    private static final int ROWS = 12;

    @Test
    void theMaskOfARowDoesNotDependOnItsBatch() {
        Dropout layer = new Dropout(0.4, SIZE);
        Matrix x = LayerRun.random(SIZE, ROWS, 1);
        long[] streams = LayerRun.streams(ROWS, 1);
        float[] whole = new LayerRun(layer).train(x, null, streams).values();
        for (int cut = 1; cut < ROWS; cut++) {
            float[] first = new LayerRun(layer)
                    .train(LayerRun.columns(x, 0, cut), null, Arrays.copyOf(streams, cut))
                    .values();
            float[] second = new LayerRun(layer)
                    .train(LayerRun.columns(x, cut, ROWS), null, Arrays.copyOfRange(streams, cut, ROWS))
                    .values();
            assertThat(Arrays.copyOf(whole, cut * SIZE)).containsExactly(first);
            assertThat(Arrays.copyOfRange(whole, cut * SIZE, whole.length)).containsExactly(second);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.5, 0.9})
    void theMeanOverMasksIsTheInput(double rate) {
        int draws = 20_000;
        Matrix ones = Matrix.zeros(SIZE, draws);
        Arrays.fill(ones.values(), 1);
        Matrix y = new LayerRun(new Dropout(rate, SIZE)).train(ones, null, LayerRun.streams(draws, 2));
        double bound = 5 * Math.sqrt(rate / (1 - rate) / draws); // five deviations of a mean
        for (int i = 0; i < SIZE; i++) {
            double sum = 0;
            for (int n = 0; n < draws; n++) {
                sum += y.get(i, n);
                assertThat(y.get(i, n)).isIn(0f, (float) (1 / (1 - rate)));
            }
            assertThat(sum / draws).as("entry %d", i).isCloseTo(1, within(bound));
        }
    }

    @Test
    void entriesRowsEpochsAndLayersHaveMasksOfTheirOwn() {
        int draws = 4000;
        Matrix ones = Matrix.zeros(2, draws);
        Arrays.fill(ones.values(), 1);
        Dropout layer = new Dropout(0.5, 2);
        Matrix epoch = new LayerRun(layer).train(ones, null, LayerRun.streams(draws, 3));
        Matrix nextEpoch = new LayerRun(layer).train(ones, null, LayerRun.streams(draws, 4));
        Pass other = new Pass(4, 0); // LayerRun's is number 3
        other.train(null, LayerRun.streams(draws, 3), null, null);
        Matrix otherLayer = Matrix.zeros(2, draws);
        layer.forward(LayerRun.whole(new float[0]), ones, otherLayer, other);

        assertThat(agreement(epoch, 0, epoch, 1, 0)).as("entries").isCloseTo(0.5, within(0.04));
        assertThat(agreement(epoch, 0, epoch, 0, 1)).as("rows").isCloseTo(0.5, within(0.04));
        assertThat(agreement(epoch, 0, nextEpoch, 0, 0)).as("epochs").isCloseTo(0.5, within(0.04));
        assertThat(agreement(epoch, 0, otherLayer, 0, 0)).as("layers").isCloseTo(0.5, within(0.04));
    }

    /** Share of the columns in which both rows are dropped, or both kept. */
    private static double agreement(Matrix a, int rowOfA, Matrix b, int rowOfB, int shift) {
        int equal = 0;
        for (int n = 0; n + shift < a.columns(); n++) {
            equal += a.get(rowOfA, n) == b.get(rowOfB, n + shift) ? 1 : 0;
        }
        return equal / (double) a.columns();
    }

    @Test
    void backwardMultipliesWithTheMaskOfForward() {
        Matrix ones = Matrix.zeros(SIZE, ROWS);
        Arrays.fill(ones.values(), 1);
        LayerRun run = new LayerRun(new Dropout(0.5, SIZE));
        Matrix mask = run.train(ones, null, LayerRun.streams(ROWS, 5));
        Matrix dy = LayerRun.random(SIZE, ROWS, 6);
        Matrix dx = run.backward(dy);
        for (int i = 0; i < dx.size(); i++) {
            assertThat(dx.values()[i]).isEqualTo(mask.values()[i] * dy.values()[i] + 0f);
        }
    }

    @Test
    void aTrainedNetworkPassesAllOnUnchanged() {
        Matrix x = LayerRun.random(SIZE, ROWS, 7);
        LayerRun run = new LayerRun(new Dropout(0.9, SIZE));
        assertThat(run.evaluate(x).values()).containsExactly(x.values());
        assertThat(run.backward(x).values()).containsExactly(x.values());
    }

    @Test
    void withRateZeroNothingIsDrawn() {
        Matrix x = LayerRun.random(SIZE, ROWS, 8);
        Dropout layer = new Dropout(0, SIZE);
        assertThat(layer.isRandom()).isFalse();
        assertThat(new LayerRun(layer).train(x, null, null).values()).containsExactly(x.values());
    }

    @Test
    void trainingWithoutAddressesIsRefused() {
        Matrix x = LayerRun.random(SIZE, ROWS, 9);
        assertThatThrownBy(() -> new LayerRun(new Dropout(0.5, SIZE)).train(x, null, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no row streams");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void aRateThatIsNoProbabilityBelowOneIsRefused(double rate) {
        assertThatThrownBy(() -> new Dropout(rate, 1)).hasMessageContaining("at least 0 and below 1: " + rate);
    }
}
