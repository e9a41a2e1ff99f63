package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.RunningTasks;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Resident workers in executor JVMs of one slot, in clusters that are configured in unusual ways. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("slow")
class ClusterFaultsTest {
    /** Authentication and encryption are Spark's own: a fit is the same with them and without. */
    @Test
    void protectedConnectionsCarryTheSameBits() {
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "of the test")
                .set("spark.network.crypto.enabled", "true");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            TrainingRequest request = Fits.wideRequest(2);
            List<EpochResult> results = new ArrayList<>();
            assertThat(Fits.onSpark(spark, request, results::add).weightsSha256())
                    .isEqualTo(Fits.locally(request));
            StepTimes last = results.get(1).times();
            assertThat(last.bytesSent() / last.steps())
                    .as("nothing goes past the encryption")
                    .isGreaterThan(4L * request.network().length());
        }
    }

    @Test
    void soDoConnectionsUnderTls(@TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit",
                        "-keypass",
                        "changeit",
                        "-dname",
                        "CN=localhost")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.ssl.rpc.enabled", "true")
                .set("spark.ssl.rpc.protocol", "TLSv1.3")
                .set("spark.ssl.rpc.keyStore", keys.toString())
                .set("spark.ssl.rpc.keyStorePassword", "changeit")
                .set("spark.ssl.rpc.keyPassword", "changeit")
                .set("spark.ssl.rpc.trustStore", keys.toString())
                .set("spark.ssl.rpc.trustStorePassword", "changeit");
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
    void withoutAPortToListenOnAJobAStepTakesOver() throws Exception {
        int last = 65_535;
        try (ServerSocket taken = new ServerSocket(last, 1, InetAddress.getLoopbackAddress());
                JavaSparkContext spark = new JavaSparkContext(
                        Clusters.conf(2, 1).set("spark.backdraft.port", Integer.toString(taken.getLocalPort())))) {
            assertThat(Fits.onSpark(spark, Fits.request(2)).weightsSha256()).isEqualTo(Fits.locally(Fits.request(2)));
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
