package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RegressorTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static NeuralNetworkRegressor small() {
        return new NeuralNetworkRegressor()
                .setHiddenLayers(16)
                .setActivation("tanh")
                .setMaxIter(40)
                .setBatchSize(16)
                .setStepSize(0.02);
    }

    @Test
    void fitsACurveInTheLabelsOwnUnits(@TempDir Path directory) throws IOException {
        NeuralNetworkRegressionModel model = small().fit(Frames.values(SPARK.get(), 400, 1));
        Dataset<Row> scored = model.transform(Frames.values(SPARK.get(), 200, 2));
        assertThat(new RegressionEvaluator().setMetricName("r2").evaluate(scored))
                .isGreaterThan(0.98);
        for (Row row : scored.collectAsList()) {
            assertThat(row.<Double>getAs("prediction")).isEqualTo(model.predict(row.<Vector>getAs("features")));
        }
        String path = directory.resolve("model").toString();
        model.save(path);
        NeuralNetworkRegressionModel loaded = NeuralNetworkRegressionModel.load(path);
        assertThat(loaded.transform(Frames.values(SPARK.get(), 200, 2)).collectAsList())
                .isEqualTo(scored.collectAsList());
        assertThat(loaded.numFeatures()).isEqualTo(4);
        assertThat(loaded.hasSummary()).isFalse();
        assertThat(model.summary().objectiveHistory()).hasSize(40);
    }

    @Test
    void predictsQuantilesAndDeviationsAsVectors(@TempDir Path directory) throws IOException {
        NeuralNetworkRegressionModel quantiles =
                small().setLoss("pinball:levels=0.1;0.5;0.9").fit(Frames.values(SPARK.get(), 400, 1));
        assertThat(quantiles.numOutputs()).isEqualTo(3);
        String path = directory.resolve("model").toString();
        quantiles.save(path);
        NeuralNetworkRegressionModel loaded = NeuralNetworkRegressionModel.load(path);
        for (Row row : loaded.transform(Frames.values(SPARK.get(), 100, 2)).collectAsList()) {
            Vector prediction = row.getAs("prediction");
            assertThat(prediction.toArray()).isSorted();
            assertThat(prediction).isEqualTo(quantiles.predictVector(row.<Vector>getAs("features")));
        }
        NeuralNetworkRegressionModel normal = small().setLoss("normal").fit(Frames.values(SPARK.get(), 400, 1));
        for (Row row : normal.transform(Frames.values(SPARK.get(), 100, 2)).collectAsList()) {
            assertThat(row.<Vector>getAs("prediction").apply(1)).isPositive();
        }
    }
}
