package dev.backdraft.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** That tests run on the Spark that the build means: the one compiled against, or that of {@code -Poldest-spark} or {@code -Pnewest-spark}. */
class SparkVersionTest {
    @Test
    void isTheOneThatTheBuildNames() {
        assertThat(org.apache.spark.package$.MODULE$.SPARK_VERSION())
                .isEqualTo(System.getProperty("backdraft.test.sparkVersion"));
    }
}
