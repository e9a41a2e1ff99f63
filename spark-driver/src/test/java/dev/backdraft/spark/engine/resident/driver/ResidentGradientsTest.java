package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.RunningTasks;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Resident workers in one JVM. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ResidentGradientsTest {
    private static final int FOREVER = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        "local[1], 1", // nothing to share out
        "local[1], 5", // more partitions than slots
        "local[2], 2",
        "local[2], 5", // not a multiple
        "local[4], 3", // more slots than partitions
        "local[4], 6"
    })
    void workersGiveTheBitsOfOneJvm(String master, int partitions) {
        TrainingRequest request = Fits.request(2);
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf(master, partitions))) {
            for (int batchSize : new int[] {24, 1, 10, Integer.MAX_VALUE}) {
                TrainingRequest sized = Fits.with(request, batchSize, batchSize == 24 ? 6 : 0);
                assertThat(Fits.onSpark(spark, sized).weightsSha256())
                        .as("batch size %d", batchSize)
                        .isEqualTo(Fits.locally(sized));
            }
        }
    }

    @Test
    void validationGoesThroughTheSameWorkers() throws IOException {
        List<EpochResult> onSpark = new ArrayList<>();
        List<EpochResult> inJvm = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 3))) {
            Fits.onSpark(spark, Fits.request(3), onSpark::add);
        }
        LocalTraining.train(Fits.request(3), Fits.ROWS, null, 3, List.of(inJvm::add));
        assertThat(onSpark)
                .usingRecursiveComparison()
                .ignoringFields("seconds", "times")
                .isEqualTo(inJvm);
        assertThat(inJvm.get(2).validationLoss()).isFinite();
    }

    @Test
    void twoFitsAtOnceDoNotMixTheirSums() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[4]", 2))) {
            List<CompletableFuture<String>> fits = IntStream.of(24, 36, 48)
                    .mapToObj(batchSize -> CompletableFuture.supplyAsync(
                            () -> Fits.onSpark(spark, Fits.with(Fits.request(20), batchSize, 6))
                                    .weightsSha256()))
                    .toList();
            for (int i = 0; i < 3; i++) {
                assertThat(fits.get(i).get(4, TimeUnit.MINUTES))
                        .isEqualTo(Fits.locally(Fits.with(Fits.request(20), 24 + 12 * i, 6)));
            }
        }
    }

    @Test
    void aFitThatFindsAllSlotsTakenWaitsForThem() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1))) {
            List<CompletableFuture<String>> fits = IntStream.range(0, 2)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> Fits.onSpark(spark, Fits.request(20)).weightsSha256()))
                    .toList();
            String expected = Fits.locally(Fits.request(20));
            for (CompletableFuture<String> fit : fits) {
                assertThat(fit.get(4, TimeUnit.MINUTES)).isEqualTo(expected);
            }
        }
    }

    /** Runs a fit that would never end, and something else once it is under way; returns what the fit threw. */
    static Throwable interruptFit(JavaSparkContext spark, Consumer<Thread> what) throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        AtomicReference<Thread> trainer = new AtomicReference<>();
        CompletableFuture<Object> fit = CompletableFuture.supplyAsync(() -> {
            trainer.set(Thread.currentThread());
            spark.setJobGroup("the fit", "a fit that is cancelled", false);
            return Fits.onSpark(spark, Fits.request(FOREVER), result -> underWay.countDown());
        });
        assertThat(underWay.await(2, TimeUnit.MINUTES)).isTrue();
        what.accept(trainer.get());
        try {
            fit.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("the fit went on to its end");
    }

    /** Two fits that would never end, each with a worker for each slot, until both have had an epoch. */
    static void assertFitsTakeTurns(JavaSparkContext spark) throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        List<CompletableFuture<Void>> fits = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    AtomicInteger epochs = new AtomicInteger();
                    String hash = Fits.onSpark(spark, Fits.request(FOREVER), new TrainingListener() {
                                @Override
                                public void epochEnded(EpochResult result) {}

                                @Override
                                public void epochEnded(EpochResult result, TrainingState state) {
                                    if (epochs.incrementAndGet() == 1) {
                                        begun.countDown();
                                    }
                                    if (begun.getCount() == 0) {
                                        state.stop();
                                    }
                                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                                }
                            })
                            .weightsSha256();
                    assertThat(hash).isEqualTo(Fits.locally(Fits.request(epochs.get())));
                }))
                .toList();
        for (CompletableFuture<Void> fit : fits) {
            fit.get(1, TimeUnit.MINUTES);
        }
    }

    static void assertSlotsAreFree(JavaSparkContext spark) {
        assertThat(spark.parallelize(List.of(1, 2, 3, 4), 4).map(x -> x * x).collect())
                .containsExactly(1, 4, 9, 16);
    }

    @Test
    void cancellingTheJobGroupEndsLoopAndTasks() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            assertThat(interruptFit(spark, thread -> spark.cancelJobGroup("the fit")))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("the fit");
            assertSlotsAreFree(spark);
            assertThat(Fits.onSpark(spark, Fits.request(1)).weightsSha256()).isEqualTo(Fits.locally(Fits.request(1)));
        }
    }

    /** The fit has no job while the slots are released, or between two jobs: only future ones can be cancelled. */
    @ParameterizedTest
    @EnumSource(names = {"JOB", "RESIDENT"})
    void cancellingFutureJobsEndsAFitThatHasNoJobNow(Aggregation aggregation) {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            spark.setJobGroup("the fit", "a fit that is cancelled", false);
            List<Integer> epochs = new ArrayList<>();
            TrainingListener cancelling = result -> {
                epochs.add(result.epoch());
                assertSlotsAreFree(spark); // as the fit has released them
                while (spark.statusTracker().getActiveJobIds().length > 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // it hears of ends a bit later
                }
                spark.sc().cancelJobGroup("the fit"); // cancels nothing
                if (result.epoch() == 2) {
                    spark.sc().cancelJobGroupAndFutureJobs("the fit");
                }
            };
            assertThatThrownBy(() -> new SparkTraining(spark, aggregation)
                            .train(Fits.request(4), ExampleRdd.of(spark, Fits.ROWS), null, List.of(cancelling)))
                    .isInstanceOf(CancellationException.class);
            assertThat(epochs).containsExactly(1, 2);
            spark.clearJobGroup();
            assertSlotsAreFree(spark);
        }
    }

    @Test
    void interruptingTheTrainingThreadEndsLoopAndTasks() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            assertThat(interruptFit(spark, Thread::interrupt))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("interrupted");
            assertSlotsAreFree(spark);
        }
    }

    @Test
    void stoppingSparkEndsTheLoop() throws Exception {
        JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2));
        assertThat(interruptFit(spark, thread -> spark.stop())).isInstanceOf(CancellationException.class);
    }

    @Test
    void aListenerMayRunSparkJobsOfItsOwn() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            TrainingListener counting = result -> assertSlotsAreFree(spark);
            assertThat(Fits.onSpark(spark, Fits.request(2), counting).weightsSha256())
                    .isEqualTo(Fits.locally(Fits.request(2)));
        }
    }

    @Test
    void aJobBesideABusyFitGetsSlots() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            List<Long> seconds = new ArrayList<>();
            assertThat(interruptFit(spark, thread -> {
                        for (int i = 0; i < 2; i++) {
                            long start = System.nanoTime();
                            CompletableFuture<Void> job = CompletableFuture.runAsync(() -> assertSlotsAreFree(spark));
                            try {
                                job.get(1, TimeUnit.MINUTES);
                            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                                throw new AssertionError("job " + i, e);
                            }
                            seconds.add(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
                        }
                        thread.interrupt();
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(seconds).hasSize(2).allMatch(each -> each < 30);
        }
    }

    @Test
    void aKilledTaskIsRunAgainAndHoldsItsBlocksAgain() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2, 4]", 2))) {
            RunningTasks tasks = RunningTasks.watch(spark);
            List<Long> killed = new ArrayList<>();
            TrainingListener killer = result -> {
                List<Long> running = tasks.attempts();
                if (result.epoch() % 10 == 1 && running.size() == 2) {
                    killed.add(running.get(killed.size() % 2));
                    spark.sc().killTaskAttempt(killed.get(killed.size() - 1), false, "test");
                    awaitRerun(tasks, killed);
                }
            };
            assertThat(Fits.onSpark(spark, Fits.request(40), killer).weightsSha256())
                    .isEqualTo(Fits.locally(Fits.request(40)));
            assertThat(killed).hasSizeGreaterThan(2);
        }
    }

    private static void awaitRerun(RunningTasks tasks, List<Long> killed) {
        long start = System.nanoTime();
        List<Long> running = tasks.attempts();
        while (running.size() < 2 || running.stream().anyMatch(killed::contains)) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MINUTES.toNanos(1));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            running = tasks.attempts();
        }
    }

    @Test
    void timesOfStepsAddUpToTheTimeSpent() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
            BlockSet blocks = Fits.blocks(spark, Fits.ROWS, fit, false);
            float[] parameters = fit.network().initialParameters(1);
            try (ResidentGradients source =
                    new ResidentGradients(spark, fit, blocks, null, ResidentSettings.of(spark.getConf()), () -> {
                        throw new AssertionError();
                    })) {
                long start = System.nanoTime();
                for (int step = 0; step < 5; step++) {
                    GradientSum sum = source.gradient(1, step, parameters);
                    assertThat(sum.losses().weight()).isPositive();
                }
                long spent = System.nanoTime() - start;
                StepTimes times = source.times();
                assertThat(times.steps()).isEqualTo(5);
                assertThat(times.computeNanos()).isPositive();
                assertThat(times.computeNanos() + times.combineNanos() + times.publishNanos() + times.waitNanos())
                        .isLessThanOrEqualTo(spent);
                assertThat(times.bytesSent() + times.bytesReceived()).isZero();
                assertThat(times.minus(times)).isEqualTo(StepTimes.NONE);
                assertThat(source.validate(parameters)).isNull();
            }
        }
    }

    @Test
    void aFailureOfAStepIsThrownAsItIs() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
            BlockSet blocks = Fits.blocks(spark, Fits.ROWS, fit, false);
            try (ResidentGradients source =
                    new ResidentGradients(spark, fit, blocks, null, ResidentSettings.of(spark.getConf()), () -> {
                        throw new AssertionError();
                    })) {
                assertThatThrownBy(() -> source.gradient(1, 0, new float[3])) // too few parameters
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("66 entries, not 3");
            }
            assertSlotsAreFree(spark);
        }
    }

    @Test
    void partitionsOnDiskAlsoThoseLostAndMadeAgainGiveTheSameGradients() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 400, 4));
            float[] parameters = fit.network().initialParameters(1);
            List<float[]> sums = new ArrayList<>();
            for (boolean lost : new boolean[] {false, true}) {
                StorageLevel level = lost ? StorageLevel.DISK_ONLY() : StorageLevel.MEMORY_AND_DISK();
                BlockSet set = Fits.blocks(spark, Fits.MANY_ROWS, fit, false);
                set.stored().rdd().unpersist(true);
                set.stored().rdd().persist(level);
                try (ResidentGradients source =
                        new ResidentGradients(spark, fit, set, null, ResidentSettings.of(spark.getConf()), () -> {
                            throw new AssertionError();
                        })) {
                    float[] total = new float[parameters.length];
                    for (int step = 0; step < set.layout().stepsPerEpoch(); step++) {
                        if (lost && step == 3) { // as when somebody clears the disk
                            for (int chunk = 0; chunk < set.stored().rdd().getNumPartitions(); chunk++) {
                                RDDBlockId id =
                                        new RDDBlockId(set.stored().rdd().id(), chunk);
                                SparkEnv.get().blockManager().removeBlock(id, true);
                            }
                        }
                        float[] sum = source.gradient(1, step, parameters).gradient();
                        for (int i = 0; i < total.length; i++) {
                            total[i] += sum[i];
                        }
                    }
                    sums.add(total);
                }
            }
            assertThat(sums.get(1)).isEqualTo(sums.get(0));
        }
    }
}
