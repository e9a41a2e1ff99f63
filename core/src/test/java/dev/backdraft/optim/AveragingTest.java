package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.optim.Averaging.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Averages of the weights along a training. */
class AveragingTest {
    private static float[] weights(int at) {
        Random random = new Random(at);
        return new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), at};
    }

    @Test
    void theExponentialAverageWeighsStepsByPowersOfTheDecay() {
        AveragedWeights state = new Averaging(Kind.EMA, 0.9, false, 3).initialState(3);
        int steps = 50;
        state.stepEnded(2, new float[] {9, 9, 9}); // before the start
        for (int t = 0; t <= steps; t++) {
            state.stepEnded(3 + t / 20, weights(t));
            state.epochEnded(3, new float[] {99, 99, 99}); // not for EMA
        }
        double[] expected = new double[3];
        for (int t = 0; t <= steps; t++) { // the first stands for all before it
            double weight = Math.pow(0.9, steps - t) * (t == 0 ? 1 : 0.1);
            for (int i = 0; i < 3; i++) {
                expected[i] += weight * weights(t)[i];
            }
        }
        assertThat(state.average()).containsExactly(expected, within(1e-12));
        assertThat(state.count()).isEqualTo(steps + 1);
    }

    @Test
    void aWarmUpStartsWithASmallDecay() {
        AveragedWeights state = new Averaging(Kind.EMA, 0.5, true, 1).initialState(1);
        double expected = 4;
        state.stepEnded(1, new float[] {4});
        for (int t = 0; t < 30; t++) {
            double decay = Math.min(0.5, (1.0 + t) / (10 + t));
            expected = decay * expected + (1 - decay) * t;
            state.stepEnded(1, new float[] {t});
            assertThat(state.average()[0]).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void stochasticWeightAveragingIsTheMeanOfTheEpochs() {
        AveragedWeights state = new Averaging(Kind.SWA, 0, false, 4).initialState(3);
        double[] sum = new double[3];
        for (int epoch = 1; epoch <= 20; epoch++) {
            state.stepEnded(epoch, new float[] {99, 99, 99}); // not for SWA
            state.epochEnded(epoch, weights(epoch));
            for (int i = 0; i < 3 && epoch >= 4; i++) {
                sum[i] += weights(epoch)[i];
            }
        }
        assertThat(state.count()).isEqualTo(17);
        assertThat(state.average())
                .containsExactly(new double[] {sum[0] / 17, sum[1] / 17, sum[2] / 17}, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aStateThatIsRestoredGoesOnWithTheSameBits(Kind kind) {
        Averaging settings = new Averaging(kind, 0.99, true, 1);
        AveragedWeights state = settings.initialState(3);
        for (int t = 0; t < 10; t++) {
            AveragedWeights copy = settings.initialState(3);
            copy.restore(state.count(), state.average());
            for (AveragedWeights each : new AveragedWeights[] {state, copy}) {
                each.stepEnded(1, weights(t));
                each.epochEnded(1, weights(t));
            }
            assertThat(copy.average()).containsExactly(state.average());
            assertThat(copy.count()).isEqualTo(state.count()).isEqualTo(t + 1);
        }
    }

    @Test
    void anAverageOfNothingLeavesTheTargetAlone() {
        AveragedWeights state = new Averaging().initialState(2);
        float[] target = {1, 2};
        state.copyTo(target);
        assertThat(target).containsExactly(1, 2);
        state.stepEnded(1, new float[] {3, 4});
        state.copyTo(target);
        assertThat(target).containsExactly(3, 4);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new Averaging(Kind.EMA, 1, false, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Averaging(Kind.EMA, 0.9, false, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Averaging().initialState(2).restore(1, new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of 3 into one of 2");
    }
}
