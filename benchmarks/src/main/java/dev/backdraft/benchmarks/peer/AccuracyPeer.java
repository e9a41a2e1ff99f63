package dev.backdraft.benchmarks.peer;

import dev.backdraft.data.ExampleSource;
import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds of training to 97 % of the test pictures of MNIST, on {@code --master} or, when that is {@code threads[n]}, without Spark.
 * Each request is a fit from a start and an order of its own. Accuracy is measured at the end of each epoch; that does not count, and
 * neither does reading the data. A request of no seconds, for warming up, is two epochs.
 */
public final class AccuracyPeer {
    private static final double TARGET = 0.97;
    private static final double LESSER_TARGET = 0.95;
    private static final int MOST_EPOCHS = 40;
    private static final int WARMUP_EPOCHS = 2;

    private AccuracyPeer() {}

    /** Prepares a training over the rows. */
    @FunctionalInterface
    private interface Preparation {
        PreparedTraining of(TrainingRequest request) throws IOException;
    }

    public static void main(String[] words) throws IOException {
        PeerOptions options = PeerOptions.of(words);
        TrainingTask task = options.task();
        Path directory = options.data;
        String figure = options.figure;
        String master = options.master;
        ExampleSource training = Mnist.training(directory);
        ExampleSource test = Mnist.test(directory);
        if (master.startsWith("threads[")) {
            int threads = Integer.parseInt(master.substring("threads[".length(), master.length() - 1));
            runLocally(task, training, test, threads, figure, Requests.standard());
            return;
        }
        try (SparkSession session = SparkSessions.start(master)) {
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
            ExampleRdd rows = ExampleRdd.of(spark, training);
            ExampleRdd held = ExampleRdd.of(spark, test);
            run(task, request -> new SparkTraining(spark).prepare(request, rows, held), figure, Requests.standard());
        }
    }

    static void runLocally(
            TrainingTask task, ExampleSource rows, ExampleSource test, int threads, String figure, Requests requests)
            throws IOException {
        run(task, request -> LocalPreparation.prepare(request, rows, test, threads), figure, requests);
    }

    private static void run(TrainingTask task, Preparation preparation, String figure, Requests requests)
            throws IOException {
        for (Requests.Request request = requests.next(); request != null; request = requests.next()) {
            TrainingRequest asked = task.request();
            TrainingConfig config = asked.config()
                    .withSeed(request.number())
                    .withEpochs(request.seconds() == 0 ? WARMUP_EPOCHS : MOST_EPOCHS);
            Watch watch = new Watch();
            TrainingRequest own = TrainingRequest.of(asked.network(), config).withLoss(asked.loss());
            try (PreparedTraining training = preparation.of(own)) {
                training.train(TrainingStart.fromScratch(), List.of(watch));
            }
            requests.answer(watch.figures(figure), watch.notes());
        }
    }

    /** Adds up the seconds of epochs and ends the training at the target. */
    private static final class Watch implements TrainingListener {
        private double seconds;
        private double toLesserTarget = Double.NaN;
        private double toTarget = Double.NaN;
        private EpochResult last;

        @Override
        public void epochEnded(EpochResult result) {
            throw new IllegalStateException("the state is needed to end the training");
        }

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            last = result;
            seconds += result.seconds();
            if (Double.isNaN(toLesserTarget) && result.validationAccuracy() >= LESSER_TARGET) {
                toLesserTarget = seconds;
            }
            if (result.validationAccuracy() >= TARGET) {
                toTarget = seconds;
                state.stop();
            }
        }

        /** Seconds of the whole fit where no target was reached. */
        Map<String, Double> figures(String name) {
            Map<String, Double> figures = new TreeMap<>();
            if (!Double.isNaN(toLesserTarget)) {
                figures.put(name + " (95 %)", toLesserTarget);
            }
            if (!Double.isNaN(toTarget)) {
                figures.put(name, toTarget);
            }
            if (figures.isEmpty()) {
                figures.put(name + " (target not reached)", seconds);
            }
            return figures;
        }

        Map<String, String> notes() {
            return Map.of(
                    "blas", Blas.backend(),
                    "epochs", Integer.toString(last.epoch()),
                    "accuracy", Double.toString(last.validationAccuracy()));
        }
    }
}
