package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.TrainingRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Executors that are killed again and again during one fit cost time, but no bit, and no epoch is counted twice. */
@Tag("slow")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ExecutorKillTest {
    private static final int EPOCHS = 10 + 5 * Kills.COUNT; // room for all kills
    private static final int STEPS = 9; // per epoch

    private static final class Jobs extends SparkListener {
        private final AtomicInteger started = new AtomicInteger();

        @Override
        public void onJobStart(SparkListenerJobStart start) {
            started.incrementAndGet();
        }
    }

    @ParameterizedTest
    @CsvSource({"RESIDENT, 1", "JOB, 2"})
    void killsChangeNoBit(Aggregation aggregation, long seed) throws Exception {
        TrainingRequest request = Undisturbed.wide(EPOCHS);
        Undisturbed undisturbed = Undisturbed.of(request);
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.backdraft.fanOut", "1") // so one executor forwards to the other
                .set("spark.backdraft.registrationTimeout", "2s");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Jobs jobs = new Jobs();
            spark.sc().addSparkListener(jobs);
            Disturbances.Fault kill = ExecutorFaults.kill(spark);
            Disturbances kills = new Disturbances(seed, EPOCHS, STEPS, Collections.nCopies(Kills.COUNT, kill));
            kills.release("in preparation", kill);
            long start = System.nanoTime();
            String hash = new SparkTraining(spark, aggregation)
                    .train(request, ExampleRdd.of(spark, Fits.ROWS), null, List.of(kills))
                    .weightsSha256();
            System.out.printf(
                    "%s, seed %d, %.1f s, %d jobs, %d kills: %s%n",
                    aggregation,
                    seed,
                    (System.nanoTime() - start) / 1e9,
                    jobs.started.get(),
                    kills.done().size(),
                    kills.done());
            undisturbed.assertSame(hash, kills.epochs());
            assertThat(kills.done()).hasSize(Kills.COUNT + 1);
            if (aggregation == Aggregation.RESIDENT) {
                assertThat(jobs.started)
                        .as("jobs of a fit with resident workers")
                        .hasValueLessThan(EPOCHS * STEPS / 2);
            }
        }
    }
}
