package dev.backdraft.benchmarks.spill;

import dev.backdraft.activation.Relu;
import dev.backdraft.benchmarks.peer.SyntheticRows;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.storage.RDDInfo;

/**
 * Trains on rows that the executors cannot hold in memory, and tells what became of them: {@code benchmarks/run --spill [ROWS
 * [FEATURES [EPOCHS [ROUTE]]]]}. By default 500,000 rows of 1,000 features, 2 GB as float32, in two executors of 1 GB each.
 */
public final class Spill {
    private static final int EXECUTORS = 2;
    private static final int EXECUTOR_MEGABYTES = 1024;
    private static final int PARTS = 16;

    private Spill() {}

    public static void main(String[] words) throws IOException {
        int rows = words.length > 0 ? Integer.parseInt(words[0]) : 500_000;
        int features = words.length > 1 ? Integer.parseInt(words[1]) : 1_000;
        int epochs = words.length > 2 ? Integer.parseInt(words[2]) : 2;
        Aggregation route = Aggregation.valueOf(words.length > 3 ? words[3].toUpperCase(Locale.ROOT) : "AUTO");
        try (JavaSparkContext spark = new JavaSparkContext(conf())) {
            List<String> removed = new ArrayList<>();
            spark.sc().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
                    removed.add(event.executorId() + ": " + event.reason());
                }
            });
            train(spark, rows, features, epochs, route);
            System.out.printf(Locale.ROOT, "executors lost: %s%n", removed.isEmpty() ? "none" : removed);
        }
    }

    private static SparkConf conf() {
        SparkConf conf = new SparkConf()
                .setAppName("Backdraft spill")
                .setMaster("local-cluster[" + EXECUTORS + ",1," + EXECUTOR_MEGABYTES + "]")
                .set("spark.default.parallelism", Integer.toString(EXECUTORS))
                .set("spark.executor.memory", EXECUTOR_MEGABYTES + "m")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .set("spark.ui.enabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.locality.wait", "0s");
        String logging = System.getProperty("log4j2.configurationFile");
        if (logging != null) {
            conf.set("spark.executor.extraJavaOptions", "-Dlog4j2.configurationFile=" + logging);
        }
        return conf;
    }

    private static void train(JavaSparkContext spark, int rows, int features, int epochs, Aggregation route)
            throws IOException {
        SyntheticRows source = new SyntheticRows(rows, features, 10, PARTS);
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Relu(), features, 64, 10),
                TrainingConfig.standard().withEpochs(epochs).withBatchSize(1024));
        Set<Long> before = new HashSet<>();
        executors().forEach(process -> before.add(process.pid()));
        long start = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%,d rows of %,d features: %,d MB as float32, in %d executors of %,d MB%n",
                rows,
                features,
                4L * rows * features / 1_000_000,
                EXECUTORS,
                EXECUTOR_MEGABYTES);
        try (PreparedTraining training =
                new SparkTraining(spark, route).prepare(request, ExampleRdd.of(spark, source), null)) {
            System.out.println(training.plan());
            System.out.printf(Locale.ROOT, "%.0f s: rows read and sorted%n", (System.nanoTime() - start) / 1e9);
            Model model = training.train(TrainingStart.fromScratch(), List.of(result -> report(spark, result, start)));
            System.out.println("weights-sha256: " + model.weightsSha256());
        }
        Set<Long> after = new HashSet<>();
        executors().forEach(process -> after.add(process.pid()));
        System.out.printf(Locale.ROOT, "the same executors from begin to end: %s%n", before.equals(after));
    }

    private static void report(JavaSparkContext spark, EpochResult result, long start) {
        System.out.printf(
                Locale.ROOT,
                "%.0f s: epoch %d/%d, loss %.4f, accuracy %.4f, %,.0f rows/s, %s%n",
                (System.nanoTime() - start) / 1e9,
                result.epoch(),
                result.epochs(),
                result.loss(),
                result.accuracy(),
                result.rowsPerSecond(),
                result.shares());
        for (RDDInfo info : spark.sc().getRDDStorageInfo()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %s: %d of %d partitions stored, %,d MB in memory, %,d MB on disk%n",
                    info.name(),
                    info.numCachedPartitions(),
                    info.numPartitions(),
                    info.memSize() / 1_000_000,
                    info.diskSize() / 1_000_000);
        }
        executors()
                .forEach(process -> System.out.printf(
                        Locale.ROOT,
                        "  executor process %d: peak resident memory %,d MB%n",
                        process.pid(),
                        peak(process)));
    }

    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** Megabytes, as Linux counts them; 0 when the process is gone. */
    private static long peak(ProcessHandle process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
