package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows in memory are refused like those of files, with their number and the value, before training starts. */
class RefusedRowsTest {
    private static final Example GOOD = Example.dense(new float[] {2, 1}, 7);

    static Stream<Arguments> refused() {
        Example row = Example.dense(new float[] {1, 1}, 1);
        String notFinite = " is not a finite number: correct it or remove the row";
        String weight = ": a weight is a finite number, zero or more";
        return Stream.of(
                Arguments.of(Example.dense(new float[] {Float.NaN, 1}, 1), "feature 0: NaN" + notFinite),
                Arguments.of(Example.sparse(new int[] {1}, new float[] {Float.NaN}, 1), "feature 1: NaN" + notFinite),
                Arguments.of(
                        Example.dense(new float[] {1, Float.NEGATIVE_INFINITY}, 1), "feature 1: -Infinity" + notFinite),
                Arguments.of(
                        Example.dense(new float[] {1, 1}, 1e39),
                        "the label 1.0E39 is beyond the range of a 32-bit float: scale the data down"),
                Arguments.of(
                        Example.dense(new float[] {1, 1}, Double.POSITIVE_INFINITY), "the label Infinity" + notFinite),
                Arguments.of(row.withWeight(Float.NaN), "the weight is NaN" + weight),
                Arguments.of(row.withWeight(-1), "the weight is -1.0" + weight),
                Arguments.of(row.withWeight(Float.POSITIVE_INFINITY), "the weight is Infinity" + weight));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aRowThatIsNoRowOfNumbersIsRefused(Example bad, String fault) {
        for (boolean standardize : new boolean[] {false, true}) {
            Network network = Network.perceptron(new Tanh(), 2, 4, 1);
            TrainingRequest request =
                    TrainingRequest.of(network, TrainingConfig.standard()).withStandardize(standardize);

            assertThatThrownBy(() -> LocalTraining.train(request, List.of(GOOD, bad)))
                    .isInstanceOf(DataException.class)
                    .hasMessage("row 1: " + fault);
            StepTraining steps = StepTraining.start(network, new SquaredError(), TrainingConfig.standard());
            assertThatThrownBy(() -> steps.step(List.of(GOOD, bad)))
                    .isInstanceOf(DataException.class)
                    .hasMessage("row 1: " + fault);
            assertThat(steps.steps()).isZero();
        }
    }

    @Test
    void aStepThatMakesParametersThatAreNotFiniteIsReported() {
        StepTraining steps = StepTraining.start(
                Network.builder(2).dense(1).build(),
                new SquaredError(),
                TrainingConfig.standard().withOptimizer(new Sgd()).withLearningRate(1e38));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        steps.step(List.of(GOOD));
                    }
                })
                .isInstanceOf(DivergedException.class);
    }

    @Test
    void aMissingRowIsRefused() {
        TrainingRequest request = TrainingRequest.of(Network.builder(2).dense(1).build(), TrainingConfig.standard());
        assertThatThrownBy(() -> LocalTraining.train(request, Arrays.asList(GOOD, null)))
                .isInstanceOf(DataException.class)
                .hasMessage("row 1 is null: remove it");
        StepTraining steps = StepTraining.start(request.network(), new SquaredError(), request.config());
        assertThatThrownBy(() -> steps.step(Arrays.asList(GOOD, null)))
                .isInstanceOf(DataException.class)
                .hasMessage("row 1 is null: remove it");
    }

    @Test
    void anInterruptEndsATraining() {
        TrainingRequest request = TrainingRequest.of(
                Network.builder(2).dense(1).build(), TrainingConfig.standard().withEpochs(Integer.MAX_VALUE));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> LocalTraining.train(request, List.of(GOOD))).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void anInterruptEndsTheReadingOfRows() {
        TrainingRequest request = TrainingRequest.of(Network.builder(2).dense(1).build(), TrainingConfig.standard());
        ExampleSource rows = MemorySource.of(Collections.nCopies(1000, GOOD), 1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> LocalTraining.train(request, rows, null, 1, List.of()))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("reading the rows");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
}
