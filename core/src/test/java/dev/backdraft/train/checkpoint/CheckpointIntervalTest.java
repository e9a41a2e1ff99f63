package dev.backdraft.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointIntervalTest {
    @ParameterizedTest
    @CsvSource({
        "3, 3 epochs",
        "3epochs, 3 epochs",
        "1 epoch, 1 epochs",
        "500 steps, 500 steps",
        "500STEPS, 500 steps",
        "1step, 1 steps",
        "10minutes, 10 minutes",
        "0.5 minutes, 0.5 minutes"
    })
    void isReadFromTheTextThatItWrites(String text, String written) {
        CheckpointInterval interval = CheckpointInterval.parse(text);
        assertThat(interval).hasToString(written);
        assertThat(CheckpointInterval.parse(interval.toString())).isEqualTo(interval);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "1.5 steps", "5 hours", "steps", "1.2.3 minutes", "1e3", "s", "5 s"})
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> CheckpointInterval.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the interval of checkpoints");
    }
}
