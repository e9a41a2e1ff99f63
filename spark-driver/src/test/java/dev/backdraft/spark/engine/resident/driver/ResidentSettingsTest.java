package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidentSettingsTest {
    @Test
    void aTimeLimitMayBeLessThanASecond() {
        SparkConf conf = new SparkConf(false)
                .set("spark.backdraft.registrationTimeout", "500ms")
                .set("spark.backdraft.stepTimeout", "1500ms");
        assertThat(ResidentSettings.of(conf)).isEqualTo(new ResidentSettings(500, 1_500, 0, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 0, 2, 'spark.backdraft.registrationTimeout is at least 0ms, not -1ms'",
        "0, 0, 0, 2, 'spark.backdraft.stepTimeout is at least 1ms, not 0ms'",
        "0, 1, 65536, 2, 'spark.backdraft.port is 0 to 65535, not 65536'",
        "0, 1, 0, 0, 'spark.backdraft.fanOut is at least 1, not 0'"
    })
    void aRefusalNamesTheSettingItsValueAndTheLimit(
            long registration, long step, int port, int fanOut, String message) {
        assertThatThrownBy(() -> new ResidentSettings(registration, step, port, fanOut))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"100, 8, 8", "16383, 8, 8", "16384, 8, 3", "16384, 3, 3", "1000000, 2, 2", "1000000, 4, 3"})
    void theDriverTalksToAllUnlessVectorsAreLarge(int length, int executors, int neighbors) {
        ResidentSettings settings = new ResidentSettings(1, 1, 0, 3);
        assertThat(settings.neighbors(length, executors)).isEqualTo(neighbors);
    }
}
