package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Resident workers in two executor JVMs, of two slots each. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class ClusterTest {
    private static JavaSparkContext spark;

    @BeforeAll
    static void start() {
        SparkConf conf = Clusters.conf(2, 2).remove("spark.executor.extraJavaOptions"); // the defaults of a JVM
        spark = new JavaSparkContext(conf);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void executorsGiveTheBitsOfOneJvm() {
        for (int batchSize : new int[] {24, 1, Integer.MAX_VALUE}) {
            TrainingRequest request = Fits.with(Fits.request(2), batchSize, batchSize == 24 ? 6 : 0);
            assertThat(Fits.onSpark(spark, request).weightsSha256()).isEqualTo(Fits.locally(request));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void largeVectorsGoThroughMemory() {
        TrainingRequest request = Fits.wideRequest(3);
        List<EpochResult> results = new ArrayList<>();
        assertThat(Fits.onSpark(spark, request, results::add).weightsSha256()).isEqualTo(Fits.locally(request));
        StepTimes last = results.get(2).times();
        assertThat((last.bytesSent() + last.bytesReceived()) / last.steps())
                .as("bytes of a step over connections")
                .isLessThan(4L * request.network().length());
    }

    @Test
    void validationGoesThroughTheSameWorkers() throws IOException {
        List<EpochResult> onSpark = new ArrayList<>();
        List<EpochResult> inJvm = new ArrayList<>();
        Fits.onSpark(spark, Fits.request(2), onSpark::add);
        LocalTraining.train(Fits.request(2), Fits.ROWS, null, 3, List.of(inJvm::add));
        assertThat(onSpark)
                .usingRecursiveComparison()
                .ignoringFields("seconds", "times")
                .isEqualTo(inJvm);
    }

    @Test
    void cancellingTheJobGroupEndsLoopAndTasks() throws Exception {
        assertThat(ResidentGradientsTest.interruptFit(spark, thread -> spark.cancelJobGroup("the fit")))
                .isInstanceOf(CancellationException.class);
        ResidentGradientsTest.assertSlotsAreFree(spark);
    }

    @Test
    void fitsTakeTurns() throws Exception {
        ResidentGradientsTest.assertFitsTakeTurns(spark);
    }

    @Test
    void aKilledExecutorCostsTimeButNoBit() {
        TrainingRequest request = Fits.request(6);
        List<Long> killed = new ArrayList<>();
        TrainingListener killer = result -> {
            if (result.epoch() == 3) {
                ProcessHandle victim = Clusters.executors().get(0);
                killed.add(victim.pid());
                victim.destroyForcibly();
            }
        };
        assertThat(Fits.onSpark(spark, request, killer).weightsSha256()).isEqualTo(Fits.locally(request));
        assertThat(killed).hasSize(1);
    }
}
