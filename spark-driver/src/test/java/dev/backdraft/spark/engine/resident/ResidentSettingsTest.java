package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidentSettingsTest {
    @ParameterizedTest
    @CsvSource({"100, 8, 8", "16383, 8, 8", "16384, 8, 3", "16384, 3, 3", "1000000, 2, 2", "1000000, 4, 3"})
    void theDriverTalksToAllUnlessVectorsAreLarge(int length, int executors, int neighbours) {
        ResidentSettings settings = new ResidentSettings(1, 1, 0, 3);
        assertThat(settings.neighbours(length, executors)).isEqualTo(neighbours);
    }
}
