package dev.backdraft.examples;

import dev.backdraft.data.Example;
import dev.backdraft.spark.demo.Mnist1d;
import dev.backdraft.spark.ml.NeuralNetworkClassificationModel;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import picocli.CommandLine.Option;

/**
 * Structured Streaming: a model that was trained and saved scores signals as their files arrive in a directory, here three files,
 * one at a time, and a running table counts how many were predicted right.
 */
public final class SparkStreaming {
    private static final int FILES = 3;

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--epochs", defaultValue = "20", description = "epochs")
        @AtLeast(1)
        int epochs;

        @Option(names = "--samples", defaultValue = "5000", description = "signals to generate")
        @AtLeast(10)
        int samples;

        @Option(names = "--directory", defaultValue = "streaming", description = "the directory of the stream")
        Path directory;
    }

    private SparkStreaming() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), SparkStreaming::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        Path directory = options.directory;
        String arrivals = directory.resolve("arrivals").toString();
        String saved = directory.resolve("model").toString();
        Mnist1d data = Mnist1d.generate(42, options.samples);
        delete(directory.resolve("arrivals"));
        try (SparkSession spark = LocalSpark.session()) {
            new NeuralNetworkClassifier()
                    .setMaxIter(options.epochs)
                    .fit(LocalSpark.frame(spark, data.train()))
                    .write()
                    .overwrite()
                    .save(saved);

            Files.createDirectories(directory.resolve("arrivals"));
            NeuralNetworkClassificationModel model = NeuralNetworkClassificationModel.load(saved);
            Dataset<Row> stream = spark.readStream()
                    .schema(LocalSpark.frame(spark, data.test()).schema())
                    .option("maxFilesPerTrigger", 1)
                    .parquet(arrivals);
            Dataset<Row> counts = model.transform(stream)
                    .groupBy(functions
                            .col("prediction")
                            .equalTo(functions.col("label"))
                            .as("right"))
                    .count();
            StreamingQuery query = counts.writeStream()
                    .outputMode("complete")
                    .format("memory")
                    .queryName("scored")
                    .trigger(Trigger.ProcessingTime(0))
                    .start();
            try {
                List<Example> test = data.test();
                for (int i = 0; i < FILES; i++) {
                    List<Example> part = test.subList(test.size() * i / FILES, test.size() * (i + 1) / FILES);
                    LocalSpark.frame(spark, part)
                            .coalesce(1)
                            .write()
                            .mode(SaveMode.Append)
                            .parquet(arrivals);
                    query.processAllAvailable();
                    report(spark, i + 1, out);
                }
            } finally {
                query.stop();
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("the query did not start", e);
        }
    }

    private static void report(SparkSession spark, int files, PrintStream out) {
        long right = count(spark, "`right`");
        long wrong = count(spark, "NOT `right`");
        out.printf(
                Locale.ROOT,
                "%d %s: %,d signals scored, %.4f of them right%n",
                files,
                files == 1 ? "file " : "files",
                right + wrong,
                (double) right / (right + wrong));
    }

    private static long count(SparkSession spark, String which) {
        return spark.sql("SELECT coalesce(sum(count), 0) FROM scored WHERE " + which)
                .head()
                .getLong(0);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
