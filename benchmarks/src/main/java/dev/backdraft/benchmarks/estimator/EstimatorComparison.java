package dev.backdraft.benchmarks.estimator;

import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.NetlibOpenBlas;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code NeuralNetworkClassifier} beside MLlib's {@code MultilayerPerceptronClassifier}: the same layers on the same DataFrame, in the
 * same Spark, with the same OpenBLAS, in turns, with defaults for everything else. Both start from another seed each time.
 */
@Command(
        name = "benchmarks/run --estimators",
        sortOptions = false,
        description =
                "Compares NeuralNetworkClassifier and MultilayerPerceptronClassifier: accuracy on test rows, seconds of a"
                        + " fit, and rows scored a second. Data sets that are missing are skipped; MNIST-1D is generated.")
public final class EstimatorComparison implements Callable<Integer> {
    private static final int SCORED = 50_000; // rows at least, so that a job's own cost does not count

    private static final Path HOME = Path.of(System.getProperty("benchmarks.home", "benchmarks"));

    @Option(
            names = "--mnist",
            paramLabel = "DIR",
            description = "the directory of MNIST's four files (default: ${DEFAULT-VALUE})")
    private Path mnist = HOME.resolve("data/mnist");

    @Option(names = "--repeats", defaultValue = "3", description = "fits of each (default: ${DEFAULT-VALUE})")
    private int repeats;

    @Option(
            names = "--iterations",
            defaultValue = "100",
            description = "of the perceptron's L-BFGS (default: ${DEFAULT-VALUE}, as is its own)")
    private int iterations;

    @Option(names = "--help", usageHelp = true, description = "show this text")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    private final PrintStream out = System.out;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new EstimatorComparison())
                .setUsageHelpWidth(110)
                .execute(arguments));
    }

    /** What several fits of one estimator came to: medians. */
    private record Result(double accuracy, double seconds, double rowsPerSecond) {}

    @Override
    public Integer call() throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("Backdraft benchmarks")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate()) {
            out.println("BLAS of MLlib: " + NetlibOpenBlas.load() + "; of Backdraft: " + Blas.description());
            out.println();
            out.println(
                    "| data | layers | | epochs, iterations | test accuracy | seconds of a fit | rows scored a second |");
            out.println("|---|---|---|---:|---:|---:|---:|");
            compare("MNIST-1D", LabelledData.mnist1d(spark), new int[] {40, 100, 100, 10});
            Path digits = HOME.resolve("../core/src/test/resources/data/digits.csv.gz");
            compare("digits", LabelledData.digits(spark, digits), new int[] {64, 64, 10});
            if (Files.isDirectory(mnist)) {
                compare("MNIST", LabelledData.mnist(spark, mnist), new int[] {784, 128, 64, 10});
            }
        }
        return 0;
    }

    private void compare(String name, LabelledData rows, int[] layers) throws IOException {
        double[][] ours = new double[repeats][];
        double[][] theirs = new double[repeats][];
        NeuralNetworkClassifier network = new NeuralNetworkClassifier().setLayers(layers);
        MultilayerPerceptronClassifier perceptron =
                new MultilayerPerceptronClassifier().setLayers(layers).setMaxIter(iterations);
        int passes = network.fit(rows.training()).summary().totalIterations(); // warms up, too
        perceptron.copy(ParamMap.empty()).setMaxIter(2).fit(rows.training());
        for (int i = 0; i < repeats; i++) {
            ours[i] = measure(network.setSeed(i + 1), rows);
            theirs[i] = measure(perceptron.setSeed(i + 1), rows);
        }
        Result our = medians(ours);
        Result their = medians(theirs);
        String shape = Arrays.toString(layers).replaceAll("[\\[\\] ]", "").replace(',', '-');
        line(name, shape, "NeuralNetworkClassifier", passes, our);
        line(name, shape, "MultilayerPerceptronClassifier", iterations, their);
        out.printf(
                Locale.ROOT,
                "| %s | %s | ratio | | %+.4f | %.2f × | %.2f × |%n",
                name,
                shape,
                our.accuracy() - their.accuracy(),
                our.seconds() / their.seconds(),
                our.rowsPerSecond() / their.rowsPerSecond());
    }

    private void line(String name, String shape, String who, int passes, Result result) {
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.4f | %.2f | %,.0f |%n",
                name,
                shape,
                who,
                passes,
                result.accuracy(),
                result.seconds(),
                result.rowsPerSecond());
    }

    private static double[] measure(Estimator<?> estimator, LabelledData rows) {
        long start = System.nanoTime();
        Transformer model = (Transformer) estimator.fit(rows.training());
        double seconds = (System.nanoTime() - start) / 1e9;
        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(model.transform(rows.test()));
        Dataset<Row> scored = rows.scored(SCORED);
        long count = scored.count();
        score(model, scored);
        start = System.nanoTime();
        score(model, scored);
        return new double[] {accuracy, seconds, count / ((System.nanoTime() - start) / 1e9)};
    }

    /** Makes all columns of all rows, and drops them. */
    private static void score(Transformer model, Dataset<Row> rows) {
        model.transform(rows)
                .select("rawPrediction", "probability", "prediction")
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
    }

    private static Result medians(double[][] measured) {
        double[] median = new double[3];
        for (int i = 0; i < median.length; i++) {
            int column = i;
            double[] sorted = Arrays.stream(measured)
                    .mapToDouble(values -> values[column])
                    .sorted()
                    .toArray();
            median[i] = sorted[sorted.length / 2];
        }
        return new Result(median[0], median[1], median[2]);
    }
}
