package dev.backdraft.benchmarks.peer;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Backdraft on Spark, on {@code --master} and by {@code --aggregation}. */
public final class SparkPeer {
    private SparkPeer() {}

    public static void main(String[] words) throws IOException {
        PeerOptions options = PeerOptions.of(words);
        Stopwatch stopwatch = new Stopwatch(options.figure, Requests.standard());
        try (SparkSession spark = SparkSessions.start(options.master)) {
            run(new JavaSparkContext(spark.sparkContext()), options.task(), options.aggregation, stopwatch);
        }
    }

    static void run(JavaSparkContext spark, TrainingTask task, Aggregation aggregation, TrainingListener listener)
            throws IOException {
        ExampleRdd rows = ExampleRdd.of(spark, task.source());
        try (PreparedTraining training = new SparkTraining(spark, aggregation).prepare(task.request(), rows, null)) {
            training.train(TrainingStart.fromScratch(), List.of(listener));
        }
    }
}
