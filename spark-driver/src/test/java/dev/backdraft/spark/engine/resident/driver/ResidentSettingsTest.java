package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

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
    @CsvSource({"100, 8, 8", "16383, 8, 8", "16384, 8, 3", "16384, 3, 3", "1000000, 2, 2", "1000000, 4, 3"})
    void theDriverTalksToAllUnlessVectorsAreLarge(int length, int executors, int neighbours) {
        ResidentSettings settings = new ResidentSettings(1, 1, 0, 3);
        assertThat(settings.neighbours(length, executors)).isEqualTo(neighbours);
    }
}
