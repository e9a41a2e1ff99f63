package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.InsufficientMemoryException;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.local.LocalTraining;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job per step over two executor JVMs: one of them killed in mid-training, and what is said of memory and network. */
@Tag("slow")
class JobOnExecutorsTest {
    private static final ListSource ROWS = new ListSource(() -> ListSource.threeClasses(211, false), 3, 1);

    private static TrainingRequest request(int epochs, int hidden) {
        return TrainingRequest.of(
                        Network.perceptron(new Tanh(), 5, hidden, hidden, 3),
                        TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(epochs))
                .withValidationFraction(0.2);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 4", "512k, 1g, 1"})
    void aKilledExecutorChangesNoBitAndATooLargeNetworkIsRefused(String inTask, String crowd, String failures)
            throws IOException {
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.default.parallelism", "5")
                .set("spark.task.maxFailures", failures) // 1: Spark gives up a job at the first loss
                .set("spark.backdraft.job.inTask", inTask)
                .set("spark.backdraft.job.crowd", crowd);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            assertRefusedBeforeItStarts(spark);
            trainAndKillAnExecutor(spark);
        }
    }

    private static void trainAndKillAnExecutor(JavaSparkContext spark) throws IOException {
        List<EpochResult> results = new ArrayList<>();
        List<Long> killed = new ArrayList<>();
        TrainingListener killer = result -> {
            results.add(result);
            if (result.epoch() == 2) {
                ProcessHandle victim = Clusters.executors().get(0);
                killed.add(victim.pid());
                victim.destroyForcibly();
            }
        };
        try (PreparedTraining training =
                new SparkTraining(spark, Aggregation.JOB).prepare(request(6, 7), ExampleRdd.of(spark, ROWS), null)) {
            assertThat(training.plan().route()).isEqualTo(StepPlan.Route.JOB);
            assertThat(training.plan().memory()).hasSize(2);
            assertThat(training.train(TrainingStart.fromScratch(), List.of(killer))
                            .weightsSha256())
                    .isEqualTo(LocalTraining.train(request(6, 7), ROWS, null, 1, List.of())
                            .weightsSha256());
            assertThat(killed).hasSize(1);
            EpochResult first = results.get(0);
            double measured =
                    (double) (first.times().bytesSent() + first.times().bytesReceived())
                            / first.times().steps();
            assertThat(measured / training.plan().networkBytes()).isBetween(0.7, 2.5); // headers of small sums count
        }
    }

    private static void assertRefusedBeforeItStarts(JavaSparkContext spark) {
        assertThatThrownBy(() -> new SparkTraining(spark, Aggregation.JOB)
                        .prepare(request(1, 5_500), ExampleRdd.of(spark, ROWS), null))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContainingAll(
                        "each executor needs ", "(1 worker ", ", but has 512.0 MiB", "--executor-memory");
        assertThat(spark.getPersistentRDDs()).isEmpty();
    }
}
