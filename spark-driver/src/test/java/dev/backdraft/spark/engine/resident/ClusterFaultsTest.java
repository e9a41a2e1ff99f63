package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resident workers in executor JVMs of one slot, in clusters that are configured in unusual ways. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClusterFaultsTest {
    /** Authentication and encryption are Spark's: the fit must notice neither them nor that there are any. */
    @Test
    void protectedConnectionsCarryTheSameBits() {
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "of the test")
                .set("spark.network.crypto.enabled", "true");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            assertThat(Fits.onSpark(spark, Fits.request(2)).weightsSha256()).isEqualTo(Fits.locally(Fits.request(2)));
        }
    }

    /** Spark gives a job up at the first failure of a task: it is submitted again, and goes on where the driver is. */
    @Test
    void aJobThatMayNotFailIsSubmittedAgain() {
        try (JavaSparkContext spark = new JavaSparkContext(Clusters.conf(2, 1).set("spark.task.maxFailures", "1"))) {
            List<Integer> jobs = new ArrayList<>();
            TrainingListener killer = result -> {
                for (int job : spark.statusTracker().getActiveJobIds()) {
                    jobs.add(job);
                }
                if (result.epoch() == 3) {
                    Clusters.executors().get(1).destroyForcibly();
                }
            };
            assertThat(Fits.onSpark(spark, Fits.request(40), killer).weightsSha256())
                    .isEqualTo(Fits.locally(Fits.request(40)));
            assertThat(new TreeSet<>(jobs)).as("jobs that epochs ended in").hasSizeGreaterThan(1);
        }
    }

    @Test
    void executorsThatAreStartedForTheFitJoinIt() {
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.dynamicAllocation.enabled", "true")
                .set("spark.dynamicAllocation.shuffleTracking.enabled", "true")
                .set("spark.dynamicAllocation.initialExecutors", "1")
                .set("spark.dynamicAllocation.minExecutors", "1")
                .set("spark.dynamicAllocation.maxExecutors", "2")
                .set("spark.dynamicAllocation.executorIdleTimeout", "1s")
                .set("spark.dynamicAllocation.cachedExecutorIdleTimeout", "1s")
                .set("spark.dynamicAllocation.shuffleTracking.timeout", "1s");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            RunningTasks tasks = RunningTasks.watch(spark);
            Set<String> executors = new TreeSet<>();
            TrainingListener watcher = result -> executors.addAll(tasks.executors());
            assertThat(Fits.onSpark(spark, Fits.request(20), watcher).weightsSha256())
                    .isEqualTo(Fits.locally(Fits.request(20)));
            assertThat(executors).hasSize(2);
        }
    }
}
