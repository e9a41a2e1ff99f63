package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.backdraft.optim.Sgd;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A hundred fits in one JVM, of which some diverge and some are cancelled, leave nothing. */
@Tag("slow")
class ManyFitsTest {
    private static final int FITS = 50;

    /** What a JVM holds after garbage collection. */
    private record Held(long heap, int threads, long descriptors) {
        static Held now() throws InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(500); // Spark's cleaner follows the collector
            }
            Runtime runtime = Runtime.getRuntime();
            long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
            return new Held(runtime.totalMemory() - runtime.freeMemory(), Thread.activeCount(), descriptors);
        }
    }

    private static void fits(JavaSparkContext spark) {
        TrainingRequest request = Fits.request(2);
        TrainingRequest exploding = TrainingRequest.of(
                request.network(),
                request.config().withOptimizer(new Sgd()).withLearningRate(1e38).withEpochs(50));
        for (int i = 0; i < FITS; i++) {
            SparkTraining training = new SparkTraining(spark, i % 2 == 0 ? Aggregation.JOB : Aggregation.RESIDENT);
            ExampleRdd rows = ExampleRdd.of(spark, Fits.ROWS);
            if (i % 10 == 4 || i % 10 == 5) {
                assertThatThrownBy(() -> training.train(exploding, rows, null, List.of()))
                        .isInstanceOf(DivergedException.class);
            } else if (i % 10 == 6 || i % 10 == 7) {
                TrainingListener interrupter = epoch -> Thread.currentThread().interrupt();
                assertThatThrownBy(() -> training.train(request, rows, null, List.of(interrupter)))
                        .isInstanceOf(CancellationException.class);
                assertThat(Thread.interrupted()).isTrue();
            } else {
                training.train(request, rows, null, List.of());
            }
            assertThat(spark.getPersistentRDDs()).isEmpty();
        }
    }

    @Test
    void theSecondFiftyHoldNoMoreThanTheFirst() throws InterruptedException {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 3)
                .set("spark.ui.retainedJobs", "20")
                .set("spark.ui.retainedStages", "20")
                .set("spark.ui.retainedTasks", "200"))) {
            fits(spark);
            Held first = Held.now();
            fits(spark);
            Held second = Held.now();
            assertThat(second.heap() - first.heap()).as("bytes").isLessThan(8 << 20);
            assertThat(second.threads()).as("threads").isLessThanOrEqualTo(first.threads() + 2);
            assertThat(second.descriptors()).as("descriptors").isLessThanOrEqualTo(first.descriptors() + 4);
        }
    }
}
