package dev.backdraft.benchmarks.peer;

import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The memory of a fit on Spark, beyond the bytes of its rows (a float for each feature and label), in megabytes: of the whole
 * process, the most that was resident since its start; and of the heap, what is in use after a collection at the end of an epoch.
 */
public final class MemoryPeer {
    private static final double MEGABYTE = 1e6;

    private MemoryPeer() {}

    public static void main(String[] words) throws IOException {
        PeerOptions options = PeerOptions.of(words);
        try (SparkSession spark = SparkSessions.start(options.master)) {
            run(new JavaSparkContext(spark.sparkContext()), options.task(), Requests.standard());
        }
    }

    static void run(JavaSparkContext spark, TrainingTask task, Requests requests) throws IOException {
        SparkPeer.run(spark, task, Aggregation.AUTO, new Gauge(task, requests));
    }

    /** Measures at the end of epochs; each request is for as many as it has seconds. */
    private static final class Gauge implements TrainingListener {
        private final double dataMegabytes;
        private final Requests requests;
        private Requests.Request request;
        private double seconds;

        Gauge(TrainingTask task, Requests requests) {
            dataMegabytes = Float.BYTES * (double) task.rows() * (task.layers().get(0) + 1) / MEGABYTE;
            this.requests = requests;
        }

        @Override
        public void epochEnded(EpochResult result) {
            throw new IllegalStateException("the state is needed to end the training");
        }

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            if (request == null) {
                take(state);
                return;
            }
            seconds += result.seconds();
            if (seconds >= request.seconds()) {
                answer();
                take(state);
            }
        }

        private void take(TrainingState state) {
            request = requests.next();
            seconds = 0;
            if (request == null) {
                state.stop();
            }
        }

        private void answer() {
            System.gc(); // of the heap, what is garbage does not count
            double heap =
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
            String largest = Math.round(Runtime.getRuntime().maxMemory() / MEGABYTE) + " MB";
            requests.answer(
                    Map.of(
                            "process-peak",
                            Math.max(1e-3, residentPeak() - dataMegabytes),
                            "heap-in-use",
                            Math.max(1e-3, heap - dataMegabytes)),
                    Map.of("data", Math.round(dataMegabytes) + " MB", "heap limit", largest));
        }

        /** Megabytes, as Linux counts them. */
        private static double residentPeak() {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                    if (line.startsWith("VmHWM:")) {
                        String kilobytes = line.replaceAll("\\D", "");
                        return Long.parseLong(kilobytes) * 1024 / MEGABYTE;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new IllegalStateException("/proc/self/status has no VmHWM");
        }
    }
}
