package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.LabeledPoint;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The change of one line that docs/coming-from-multilayer-perceptron-classifier.md shows costs no accuracy on iris. */
@Tag("slow")
class ComingFromPerceptronTest {
    private static final Path IRIS = Path.of("..", "core", "src", "test", "resources", "data", "iris.csv.gz");
    private static final List<String> SPECIES = List.of("setosa", "versicolor", "virginica");
    private static final int TRAINING_ROWS = 120;
    private static final int SEEDS = 3;

    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> training;
    private static Dataset<Row> test;

    @BeforeAll
    static void readIris() throws IOException {
        List<LabeledPoint> rows = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(IRIS)), StandardCharsets.UTF_8))) {
            reader.lines().skip(1).forEach(line -> {
                String[] cells = line.split(",", -1);
                double[] features = new double[4];
                for (int i = 0; i < 4; i++) {
                    features[i] = Double.parseDouble(cells[i]);
                }
                rows.add(new LabeledPoint(SPECIES.indexOf(cells[4]), Vectors.dense(features)));
            });
        }
        training = SPARK.get().createDataFrame(rows.subList(0, TRAINING_ROWS), LabeledPoint.class);
        test = SPARK.get().createDataFrame(rows.subList(TRAINING_ROWS, rows.size()), LabeledPoint.class);
    }

    private static double accuracy(Model<?> model) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(model.transform(test));
    }

    @Test
    void theChangeOfOneLineCostsNoAccuracy() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            double perceptron = accuracy(new MultilayerPerceptronClassifier()
                    .setLayers(new int[] {4, 16, 3})
                    .setMaxIter(100)
                    .setSeed(seed)
                    .fit(training));
            double network = accuracy(new NeuralNetworkClassifier()
                    .setLayers(4, 16, 3)
                    .setSeed(seed)
                    .fit(training));
            double unchanged = accuracy(new NeuralNetworkClassifier()
                    .setLayers(4, 16, 3)
                    .setMaxIter(100)
                    .setSeed(seed)
                    .fit(training));
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: perceptron %.4f, network %.4f, with maxIter %.4f%n",
                    seed,
                    perceptron,
                    network,
                    unchanged);
            assertThat(network).as("seed %d", seed).isGreaterThanOrEqualTo(Math.min(0.96, perceptron));
            assertThat(unchanged).as("seed %d", seed).isGreaterThanOrEqualTo(0.9);
        }
    }
}
