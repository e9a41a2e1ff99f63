package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Executors that are slow, or stand still for longer than any timeout and then go on, change no bit, and nothing counts
 * twice.
 */
@Tag("slow")
@Tag("alone")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
class SlowExecutorTest {
    private static final int EPOCHS = 20;
    private static final int STEPS = 9; // per epoch
    private static final int STEP_MILLIS = 500; // after which others do the work
    private static final int LOST_MILLIS = 3_000; // after which Spark takes an executor for lost

    @ParameterizedTest
    @CsvSource({"RESIDENT, 4", "JOB, 5"})
    void slowAndStoppedExecutorsChangeNoBit(Aggregation aggregation, long seed) throws Exception {
        TrainingRequest request = Undisturbed.wide(EPOCHS);
        Undisturbed undisturbed = Undisturbed.of(request);
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.backdraft.fanOut", "1")
                .set("spark.backdraft.registrationTimeout", STEP_MILLIS + "ms")
                .set("spark.backdraft.stepTimeout", STEP_MILLIS + "ms")
                .set("spark.executor.heartbeatInterval", LOST_MILLIS / 6 + "ms")
                .set("spark.network.timeout", LOST_MILLIS + "ms")
                .set("spark.network.timeoutInterval", "500ms");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Disturbances disturbances = new Disturbances(
                    seed,
                    EPOCHS,
                    STEPS,
                    List.of(
                            ExecutorFaults.slowDown(spark, 2_000),
                            ExecutorFaults.stop(spark, 4 * STEP_MILLIS),
                            ExecutorFaults.stop(spark, 3 * STEP_MILLIS),
                            ExecutorFaults.stop(spark, 2 * LOST_MILLIS),
                            ExecutorFaults.slowDown(spark, 2_000)));
            long start = System.nanoTime();
            String hash = new SparkTraining(spark, aggregation)
                    .train(request, ExampleRdd.of(spark, Fits.ROWS), null, List.of(disturbances))
                    .weightsSha256();
            System.out.printf(
                    "%s, seed %d, %.1f s: %s%n",
                    aggregation, seed, (System.nanoTime() - start) / 1e9, disturbances.done());
            undisturbed.assertSame(hash, disturbances.epochs());
            assertThat(disturbances.done()).hasSize(5);
        }
    }
}
