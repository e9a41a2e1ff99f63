package dev.backdraft.examples;

import dev.backdraft.spark.ml.NeuralNetworkRegressionModel;
import dev.backdraft.spark.ml.NeuralNetworkRegressor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Option;

/**
 * A function of ten columns, five of which matter: 10 sin(π x₁ x₂) + 20 (x₃ − ½)² + 10 x₄ + 5 x₅ and noise of deviation 1, which no
 * model can get below (Friedman 1991, "Multivariate adaptive regression splines", eq. 56). Features are plain columns, no
 * vector; a tenth of the rows is kept back to stop early.
 */
public final class SparkRegression {
    private static final int COLUMNS = 10;

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--rows", defaultValue = "10000", description = "training rows")
        @AtLeast(100)
        int rows;

        @Option(names = "--hidden", defaultValue = "64,32", split = ", *", description = "units of each hidden layer")
        @AtLeast(1)
        int[] hidden;

        @Option(names = "--epochs", defaultValue = "60", description = "epochs")
        @AtLeast(1)
        int epochs;
    }

    private SparkRegression() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), SparkRegression::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        try (SparkSession spark = LocalSpark.session()) {
            Dataset<Row> train = friedman(spark, options.rows, 1).cache();
            Dataset<Row> test = friedman(spark, 5_000, 2).cache();
            String[] columns =
                    IntStream.rangeClosed(1, COLUMNS).mapToObj(i -> "x" + i).toArray(String[]::new);
            RegressionEvaluator rmse = new RegressionEvaluator().setMetricName("rmse");

            NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                    .setFeaturesCols(columns)
                    .setHiddenLayers(options.hidden)
                    .setMaxIter(options.epochs)
                    .setValidationFraction(0.1)
                    .fit(train);
            out.printf(
                    Locale.ROOT,
                    "NeuralNetworkRegressor  RMSE %.3f  (epoch %d of %d was the best)%n",
                    rmse.evaluate(model.transform(test)),
                    model.summary().bestEpoch(),
                    model.summary().totalIterations());

            VectorAssembler assembler =
                    new VectorAssembler().setInputCols(columns).setOutputCol("features");
            out.printf(
                    Locale.ROOT,
                    "LinearRegression        RMSE %.3f%n",
                    rmse.evaluate(new LinearRegression()
                            .fit(assembler.transform(train))
                            .transform(assembler.transform(test))));
            out.println("the noise alone         RMSE 1");
        }
    }

    private static Dataset<Row> friedman(SparkSession spark, long rows, long seed) {
        Dataset<Row> frame = spark.range(0, rows, 1, 4).toDF();
        for (int i = 1; i <= COLUMNS; i++) {
            frame = frame.withColumn("x" + i, functions.rand(100 * seed + i));
        }
        Column waves = functions
                .sin(functions.lit(Math.PI).multiply(functions.col("x1")).multiply(functions.col("x2")))
                .multiply(10);
        Column square = functions.pow(functions.col("x3").minus(0.5), 2).multiply(20);
        Column lines = functions.col("x4").multiply(10).plus(functions.col("x5").multiply(5));
        return frame.withColumn("label", waves.plus(square).plus(lines).plus(functions.randn(seed)));
    }
}
