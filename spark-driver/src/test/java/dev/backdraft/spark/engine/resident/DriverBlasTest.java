package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DriverBlasTest {
    @Test
    void anotherBlasThanTheDriversIsSaid() {
        assertThat(DriverBlas.difference("native", "native", "a")).isNull();
        assertThat(DriverBlas.difference("native", "java", "a"))
                .startsWith("BLAS is java on a but native on the driver: bits may differ");
    }
}
