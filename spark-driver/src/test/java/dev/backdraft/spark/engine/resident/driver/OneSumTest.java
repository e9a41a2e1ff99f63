package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An executor sends one sum, however many workers it has. Executor JVMs that do not share memory, so that all bytes are
 * seen.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class OneSumTest {
    private static final int LANES = 16;

    /** @param vectors that the driver takes a step, and a tenth more */
    @ParameterizedTest
    @CsvSource({"2, 2, 8, 2.2", "4, 1, 2, 2.2"})
    void theDriverTakesOneSumFromEachExecutorThatItTalksTo(int executors, int slots, int fanOut, double vectors) {
        TrainingRequest request = Fits.with(Fits.wideRequest(4), 96, LANES);
        List<EpochResult> results = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(Clusters.conf(executors, slots)
                .set("spark.backdraft.sharedMemory", "false")
                .set("spark.backdraft.fanOut", Integer.toString(fanOut)))) {
            assertThat(Fits.onSpark(spark, request, results::add).weightsSha256())
                    .isEqualTo(Fits.locally(request));
        }
        StepTimes last = results.get(3).times();
        double vector = 4.0 * request.network().length();
        assertThat(last.bytesReceived() / (double) last.steps() / vector).isLessThan(vectors);
        assertThat(last.bytesSent() / (double) last.steps() / vector).isLessThan(vectors);
    }
}
