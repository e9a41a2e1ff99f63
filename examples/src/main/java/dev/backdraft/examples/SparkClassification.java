package dev.backdraft.examples;

import dev.backdraft.spark.demo.Mnist1d;
import dev.backdraft.spark.ml.NeuralNetworkClassificationModel;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/**
 * Ten classes of MNIST-1D signals told apart in a DataFrame, by {@code NeuralNetworkClassifier} and by the perceptron that comes
 * with MLlib, which has the same layers but sigmoid units and L-BFGS over all rows.
 */
public final class SparkClassification {
    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--hidden", defaultValue = "100,100", split = ", *", description = "units of each hidden layer")
        @AtLeast(1)
        int[] hidden;

        @Option(names = "--epochs", defaultValue = "40", description = "epochs of the neural network")
        @AtLeast(1)
        int epochs;

        @Option(
                names = "--perceptron-iterations",
                defaultValue = "100",
                description = "iterations of MLlib's perceptron")
        @AtLeast(1)
        int perceptronIterations;

        @Option(names = "--samples", defaultValue = "5000", description = "signals to generate")
        @AtLeast(10)
        int samples;
    }

    private SparkClassification() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), SparkClassification::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        int[] hidden = options.hidden;
        Mnist1d data = Mnist1d.generate(42, options.samples);
        try (SparkSession spark = LocalSpark.session()) {
            Dataset<Row> train = LocalSpark.frame(spark, data.train()).cache();
            Dataset<Row> test = LocalSpark.frame(spark, data.test()).cache();
            MulticlassClassificationEvaluator accuracy =
                    new MulticlassClassificationEvaluator().setMetricName("accuracy");

            long start = System.nanoTime();
            NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                    .setHiddenLayers(hidden)
                    .setMaxIter(options.epochs)
                    .fit(train);
            report(out, "NeuralNetworkClassifier", accuracy.evaluate(model.transform(test)), start);

            int[] layers = new int[hidden.length + 2];
            layers[0] = Mnist1d.FEATURES;
            System.arraycopy(hidden, 0, layers, 1, hidden.length);
            layers[hidden.length + 1] = Mnist1d.CLASSES;
            start = System.nanoTime();
            var perceptron = new MultilayerPerceptronClassifier()
                    .setLayers(layers)
                    .setSeed(42)
                    .setMaxIter(options.perceptronIterations)
                    .fit(train);
            report(out, "MultilayerPerceptronClassifier", accuracy.evaluate(perceptron.transform(test)), start);

            double[] losses = model.summary().objectiveHistory();
            out.printf(
                    Locale.ROOT,
                    "loss of the first epoch %.4f, of the last of %d: %.4f%n",
                    losses[0],
                    losses.length,
                    losses[losses.length - 1]);
        }
    }

    private static void report(PrintStream out, String name, double accuracy, long start) {
        out.printf(
                Locale.ROOT,
                "%-30s  %.4f of the test signals right  %5.1f s%n",
                name,
                accuracy,
                (System.nanoTime() - start) / 1e9);
    }
}
