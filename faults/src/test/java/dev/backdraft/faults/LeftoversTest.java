package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.optim.Sgd;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Fits that are cancelled or fail leave nothing on driver and executors: no thread, block, broadcast, shared memory or
 * file.
 */
@Tag("slow")
@Tag("alone")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class LeftoversTest {
    private static final int EPOCHS = 50;
    private static final int LAST = 3; // epoch that a fit ends in
    private static final Pattern BROADCAST = Pattern.compile("block broadcast_(\\d+)");
    private static final int LOOKS = 60; // half a second after each other

    /** Thrown by a listener, as by the writer of a full disk. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What may be left of Backdraft in a JVM and on its machine. */
    private static List<String> leftovers() throws IOException {
        System.gc(); // Spark's cleaner removes what nobody refers to
        List<String> found = new ArrayList<>();
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("backdraft"))
                .forEach(name -> found.add("thread " + name));
        SparkEnv.get()
                .blockManager()
                .getMatchingBlockIds(block -> block.isRDD() || block.isBroadcast())
                .foreach(block -> found.add("block " + block));
        for (Path directory : List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.getFileName().toString().contains("backdraft"))
                        .forEach(file -> found.add("file " + file));
            }
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : descriptors) {
                String target = ListeningPorts.target(each);
                if (target.startsWith("/dev/shm/")) {
                    found.add("open " + target);
                }
            }
        }
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/dev/shm/"))
                .forEach(line -> found.add("mapped " + line));
        return found;
    }

    /**
     * Of the driver and both executors, without what was there before, and broadcasts only if they are older than this
     * one.
     */
    private static List<String> everywhere(JavaSparkContext spark, long broadcast, List<String> before)
            throws IOException {
        List<String> all = new ArrayList<>(leftovers());
        spark.parallelize(List.of(1, 2), 2)
                .flatMap(i -> leftovers().iterator())
                .collect()
                .forEach(each -> all.add("executor: " + each));
        all.removeIf(each -> before.contains(each.replaceFirst("^executor: ", "")));
        all.removeIf(each -> {
            Matcher number = BROADCAST.matcher(each);
            return number.find() && Long.parseLong(number.group(1)) >= broadcast;
        });
        return all;
    }

    private static void failingFits(JavaSparkContext spark, Aggregation aggregation) throws InterruptedException {
        TrainingRequest request = Undisturbed.wide(EPOCHS);
        SparkTraining training = new SparkTraining(spark, aggregation);
        ExampleRdd rows = ExampleRdd.of(spark, Fits.ROWS);
        TrainingListener interrupts = atTheEnd(() -> Thread.currentThread().interrupt());
        assertThatThrownBy(() -> training.train(request, rows, null, List.of(interrupts)))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();

        spark.setJobGroup("the fit", "a fit", true);
        AtomicBoolean over = new AtomicBoolean(); // between two jobs, there is nothing to cancel: again and again
        Thread canceler = new Thread(() -> {
            while (!over.get()) {
                spark.cancelJobGroup("the fit");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
            }
        });
        TrainingListener cancels = atTheEnd(canceler::start);
        assertThatThrownBy(() -> training.train(request, rows, null, List.of(cancels)))
                .isInstanceOf(CancellationException.class);
        over.set(true);
        canceler.join();
        spark.clearJobGroup();

        TrainingListener breaks = atTheEnd(() -> {
            throw new Broken();
        });
        assertThatThrownBy(() -> training.train(request, rows, null, List.of(breaks)))
                .isInstanceOf(Broken.class);

        TrainingRequest small = Undisturbed.small(EPOCHS);
        TrainingRequest exploding = TrainingRequest.of(
                small.network(), small.config().withOptimizer(new Sgd()).withLearningRate(1e38));
        assertThatThrownBy(() -> training.train(exploding, rows, null, List.of()))
                .isInstanceOf(DivergedException.class);
    }

    private static TrainingListener atTheEnd(Runnable action) {
        return (EpochResult result) -> {
            if (result.epoch() == LAST) {
                action.run();
            }
        };
    }

    @Test
    void fitsThatEndBeforeTheirTimeLeaveNothing() throws Exception {
        SparkConf conf = Clusters.conf(2, 1).set("spark.backdraft.fanOut", "1");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            List<String> before = leftovers(); // such as files of other processes of ours on this machine
            for (Aggregation aggregation : List.of(Aggregation.RESIDENT, Aggregation.JOB)) {
                failingFits(spark, aggregation);
                assertThat(spark.getPersistentRDDs()).isEmpty();
            }
            long fits = spark.broadcast(0).id(); // later broadcasts are of the jobs that look
            List<String> left = everywhere(spark, fits, before);
            for (int look = 0; look < LOOKS && !left.isEmpty(); look++) {
                Thread.sleep(500);
                left = everywhere(spark, fits, before);
            }
            assertThat(left).isEmpty();
        }
    }
}
