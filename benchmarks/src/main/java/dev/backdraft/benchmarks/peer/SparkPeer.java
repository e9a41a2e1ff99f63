package dev.backdraft.benchmarks.peer;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.PreparedTraining;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Backdraft on Spark, on {@code --master} and by {@code --aggregation}. */
public final class SparkPeer {
    private SparkPeer() {}

    public static void main(String[] words) throws IOException {
        Arguments arguments = new Arguments(words);
        Aggregation aggregation =
                Aggregation.valueOf(arguments.text("aggregation").toUpperCase(Locale.ROOT));
        Stopwatch stopwatch = new Stopwatch(arguments.text("figure"), Requests.standard());
        try (SparkSession spark = SparkSessions.start(arguments.text("master"))) {
            run(new JavaSparkContext(spark.sparkContext()), TrainingTask.of(arguments), aggregation, stopwatch);
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
