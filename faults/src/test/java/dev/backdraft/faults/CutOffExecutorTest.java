package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.benchmarks.cluster.VirtualNetwork;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host of a standalone cluster, with a worker and its executor, is cut off from the network in the middle of a fit,
 * for seconds ({@code -Dbackdraft.faults.cutSeconds=60} for longer), and comes back: no bit changes, nothing counts
 * twice, nothing hangs.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class CutOffExecutorTest {
    private static final Integer CUT_SECONDS = Integer.getInteger("backdraft.faults.cutSeconds"); // null by default
    private static final int EPOCHS = 10;
    private static final int STEPS = 9; // per epoch
    private static final int STEP_MILLIS = 500; // after which others do the work
    private static final int LOST_MILLIS = 3_000; // after which Spark removes an executor
    // Both end shortly before TCP sends again, 3.0 and 6.2 s after what got lost: the next time is twice as late.
    private static final int SHORT_CUT_MILLIS = 4 * STEP_MILLIS;
    private static final int LOST_CUT_MILLIS = LOST_MILLIS + 2_000;
    private static final int SECOND = 1; // host
    private static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    @TempDir
    private static Path directory;

    private static VirtualNetwork network; // null where it cannot be made
    private static StandaloneCluster cluster;
    private static int secondPort; // of the worker on the second host

    @BeforeAll
    static void start() throws Exception {
        network = makeNetwork();
        String first = network.address(0);
        cluster = new StandaloneCluster(directory, first, 512);
        cluster.startWorker("first", List.of(), first, StandaloneCluster.freePort(first));
        secondPort = StandaloneCluster.freePort(first);
        cluster.startWorker("second", network.on(SECOND), network.address(SECOND), secondPort);
    }

    private static VirtualNetwork makeNetwork() {
        try {
            return VirtualNetwork.of(1);
        } catch (IOException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static SparkConf conf() {
        return Fits.conf(cluster.url(), 2)
                .set("spark.driver.host", network.address(0))
                .set("spark.driver.bindAddress", network.address(0))
                .set("spark.cores.max", "2")
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .set("spark.locality.wait", "0s")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraClassPath", StandaloneCluster.classPath())
                .set("spark.executor.extraJavaOptions", StandaloneCluster.QUICK_START)
                .set("spark.backdraft.registrationTimeout", STEP_MILLIS + "ms")
                .set("spark.backdraft.stepTimeout", STEP_MILLIS + "ms");
    }

    /** The executor is lost for Spark before it is back, or not: in two fits, one after the other. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anExecutorThatIsCutOffChangesNoBit(boolean lost) throws Exception {
        TrainingRequest request = Undisturbed.wide(EPOCHS);
        Undisturbed undisturbed = Undisturbed.of(request);
        SparkConf conf = conf();
        if (lost) {
            conf.set("spark.executor.heartbeatInterval", LOST_MILLIS / 6 + "ms")
                    .set("spark.network.timeout", LOST_MILLIS + "ms")
                    .set("spark.network.timeoutInterval", "500ms");
        }
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            AtomicInteger removed = new AtomicInteger(); // executors
            spark.sc().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
                    removed.incrementAndGet();
                }
            });
            cutOffDuringFit(spark, Aggregation.RESIDENT, lost, lost ? 4 : 5, removed, request, undisturbed);
            awaitExecutors(spark);
            removed.set(0);
            cutOffDuringFit(spark, Aggregation.JOB, lost, lost ? 6 : 7, removed, request, undisturbed);
        }
    }

    private static void cutOffDuringFit(
            JavaSparkContext spark,
            Aggregation aggregation,
            boolean lost,
            long seed,
            AtomicInteger removed,
            TrainingRequest request,
            Undisturbed undisturbed)
            throws Exception {
        long cutMillis = CUT_SECONDS != null ? 1000L * CUT_SECONDS : lost ? LOST_CUT_MILLIS : SHORT_CUT_MILLIS;
        Disturbances disturbances =
                new Disturbances(seed, EPOCHS, STEPS, List.of(random -> cutOff(cutMillis), random -> awaitReachable()));
        Longest longest = new Longest(disturbances);
        long start = System.nanoTime();
        String hash = new SparkTraining(spark, aggregation)
                .train(request, ExampleRdd.of(spark, Fits.ROWS), null, List.of(longest))
                .weightsSha256();
        int lostDuringFit = removed.get();
        System.out.printf(
                "%s, %s, seed %d, %.1f s, longest step %d ms: %s%n",
                aggregation,
                lost ? "lost" : "not lost",
                seed,
                (System.nanoTime() - start) / 1e9,
                longest.millis,
                disturbances.done());
        undisturbed.assertSame(hash, disturbances.epochs());
        assertThat(disturbances.done()).hasSize(2);
        assertThat(lostDuringFit > 0).as("Spark has lost the executor").isEqualTo(lost);
        long waits = aggregation == Aggregation.RESIDENT ? STEP_MILLIS : lost ? LOST_MILLIS / 2 : cutMillis;
        assertThat(longest.millis).as("a step waits for the executor").isGreaterThanOrEqualTo(waits * 9 / 10);
    }

    private static String cutOff(long millis) throws Exception {
        network.cut(SECOND);
        try {
            assertThat(StandaloneCluster.accepts(network.address(SECOND), secondPort))
                    .isFalse();
            Thread.sleep(millis);
        } finally {
            network.restore(SECOND);
        }
        return "cut off for " + millis + " ms";
    }

    /** Waits until both executors are registered, in place of a lost one another. */
    private static void awaitExecutors(JavaSparkContext spark) throws InterruptedException {
        long start = System.nanoTime();
        while (spark.sc().statusTracker().getExecutorInfos().length < 3) { // and the driver
            assertThat(System.nanoTime() - start).isLessThan(WAIT_NANOS);
            Thread.sleep(100);
        }
    }

    private static String awaitReachable() throws Exception {
        long start = System.nanoTime();
        while (!StandaloneCluster.accepts(network.address(SECOND), secondPort)) {
            assertThat(System.nanoTime() - start).isLessThan(WAIT_NANOS);
            Thread.sleep(100);
        }
        return "back";
    }

    /** Measures the longest step after the first, without what disturbances wait for. */
    private static final class Longest implements TrainingListener {
        private final Disturbances disturbances;
        private long millis;
        private long last; // end of the last step; 0 before the first

        Longest(Disturbances disturbances) {
            this.disturbances = disturbances;
        }

        @Override
        public void stepDone(int epoch, long steps, long ofEpoch) {
            if (last != 0) {
                millis = Math.max(millis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last));
            }
            disturbances.stepDone(epoch, steps, ofEpoch);
            last = System.nanoTime();
        }

        @Override
        public void epochEnded(EpochResult result) {
            disturbances.epochEnded(result);
        }
    }
}
