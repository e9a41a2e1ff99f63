package dev.backdraft.examples;

import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A pipeline from text to text: a column of names is indexed and one-hot encoded, put beside two numbers, and a network tells
 * three kinds apart; cross-validation with two folds at once chooses its layers and penalty. The pipeline is saved, loaded, and
 * says the same.
 *
 * <p>The rows are points on a plane. Which kind one is depends on its distance from the center of its region, so neither
 * numbers nor region alone tell.
 */
public final class SparkPipeline {
    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--rows", defaultValue = "3000", description = "points")
        @AtLeast(100)
        int rows;

        @Option(names = "--epochs", defaultValue = "30", description = "epochs of each training")
        @AtLeast(1)
        int epochs;

        @Option(names = "--folds", defaultValue = "3", description = "folds of the cross-validation")
        @AtLeast(2)
        int folds;

        @Option(
                names = "--model",
                defaultValue = "pipeline-model",
                description = "the directory to save the pipeline in")
        Path model;
    }

    private SparkPipeline() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), SparkPipeline::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        Path directory = options.model;
        try (SparkSession spark = LocalSpark.session()) {
            Dataset<Row>[] parts = points(spark, options.rows).randomSplit(new double[] {0.8, 0.2}, 7);
            Dataset<Row> train = parts[0].cache();
            Dataset<Row> test = parts[1].cache();

            NeuralNetworkClassifier network = new NeuralNetworkClassifier()
                    .setLabelCol("kindIndex")
                    .setMaxIter(options.epochs)
                    .setStepSize(0.01);
            Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
                new StringIndexer()
                        .setInputCol("kind")
                        .setOutputCol("kindIndex")
                        .setStringOrderType("alphabetAsc"),
                new StringIndexer().setInputCol("region").setOutputCol("regionIndex"),
                new OneHotEncoder()
                        .setInputCol("regionIndex")
                        .setOutputCol("regionVector")
                        .setDropLast(false),
                new VectorAssembler()
                        .setInputCols(new String[] {"x", "y", "regionVector"})
                        .setOutputCol("features"),
                network,
                new IndexToString()
                        .setInputCol("prediction")
                        .setOutputCol("predictedKind")
                        .setLabels(new String[] {"far", "middle", "near"})
            });
            ParamMap[] grid = new ParamGridBuilder()
                    .addGrid(
                            network.hiddenLayers(),
                            CollectionConverters.asScala(List.of(new int[] {}, new int[] {32}, new int[] {32, 32})))
                    .addGrid(network.l2(), new double[] {0, 1})
                    .build();
            MulticlassClassificationEvaluator accuracy = new MulticlassClassificationEvaluator()
                    .setLabelCol("kindIndex")
                    .setMetricName("accuracy");
            CrossValidatorModel chosen = new CrossValidator()
                    .setEstimator(pipeline)
                    .setEvaluator(accuracy)
                    .setEstimatorParamMaps(grid)
                    .setNumFolds(options.folds)
                    .setParallelism(2)
                    .setSeed(1)
                    .fit(train);
            for (int i = 0; i < grid.length; i++) {
                out.printf(
                        Locale.ROOT,
                        "hidden layers %-8s  l2 %s  accuracy over the folds %.4f%n",
                        Arrays.toString(grid[i].get(network.hiddenLayers()).get()),
                        grid[i].get(network.l2()).get(),
                        chosen.avgMetrics()[i]);
            }

            PipelineModel best = (PipelineModel) chosen.bestModel();
            best.write().overwrite().save(directory.toString());
            PipelineModel loaded = PipelineModel.load(directory.toString());
            out.printf(Locale.ROOT, "test rows: accuracy %.4f%n", accuracy.evaluate(loaded.transform(test)));
            out.printf(
                    Locale.ROOT,
                    "saved, loaded, and differing in %d rows%n",
                    best.transform(test)
                            .select("x", "y", "probability")
                            .exceptAll(loaded.transform(test).select("x", "y", "probability"))
                            .count());
            loaded.transform(test)
                    .groupBy("kind", "predictedKind")
                    .count()
                    .orderBy("kind", "predictedKind")
                    .collectAsList()
                    .forEach(row -> out.printf(
                            Locale.ROOT, "%-6s predicted %-6s %5s times%n", row.get(0), row.get(1), row.get(2)));
        }
    }

    private static Dataset<Row> points(SparkSession spark, long rows) {
        Column region = functions.element_at(
                functions.array(functions.lit("north"), functions.lit("east"), functions.lit("south")),
                functions.col("id").mod(3).plus(1).cast("int"));
        Column centerX =
                functions.when(functions.col("region").equalTo("east"), 2).otherwise(0);
        Column centerY = functions
                .when(functions.col("region").equalTo("north"), 2)
                .when(functions.col("region").equalTo("south"), -2)
                .otherwise(0);
        Column distance = functions.sqrt(functions
                .pow(functions.col("x").minus(centerX), 2)
                .plus(functions.pow(functions.col("y").minus(centerY), 2)));
        return spark.range(0, rows, 1, 4)
                .withColumn("region", region)
                .withColumn("x", functions.rand(1).multiply(6).minus(3))
                .withColumn("y", functions.rand(2).multiply(6).minus(3))
                .withColumn("distance", distance)
                .withColumn(
                        "kind",
                        functions
                                .when(functions.col("distance").lt(1.5), "near")
                                .when(functions.col("distance").lt(3), "middle")
                                .otherwise("far"))
                .drop("distance", "id");
    }
}
