package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XorTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLinearUnitIsRightAboutThreeAtMostAndEndsAtOneHalf(long seed) {
        Xor.Trained linear = Xor.train(Xor.linear(), 500, seed);
        assertThat(linear.last().accuracy()).isLessThanOrEqualTo(0.75);
        assertThat(linear.last().loss()).isCloseTo(Math.log(2), within(1e-3));
        assertThat(linear.probability(0, 0)).isCloseTo(0.5, within(0.02));
        assertThat(linear.probability(0, 1)).isCloseTo(0.5, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPerceptronWithAHiddenLayerLearnsIt(long seed) {
        Xor.Trained perceptron = Xor.train(Xor.withHidden(8), 500, seed);
        assertThat(perceptron.last().accuracy()).isEqualTo(1);
        assertThat(perceptron.last().loss()).isLessThan(0.05);
        assertThat(perceptron.probability(0, 1)).isGreaterThan(0.9);
        assertThat(perceptron.probability(1, 1)).isLessThan(0.1);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new Xor.Options(), Xor::run, directory, "--seeds 1");
        assertThat(run.printed()).contains("0.6931", "1.00");
        assertThat(run.picture()).contains("one linear unit", "with a hidden layer", "0 wanted", "P(1) = 0.5");
    }
}
