package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The column with the outputs of a hidden layer is what core says. */
class EmbeddingTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> rows() {
        return Frames.classes(SPARK.get(), 3, 60, 1);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Test
    void itHasTheBitsOfCoreOfABatchAndOfSingleRows(@TempDir Path directory) throws Exception {
        NeuralNetworkClassificationModel fitted = new NeuralNetworkClassifier()
                .setHiddenLayers(8, 5)
                .setMaxIter(2)
                .setEmbeddingCol("hidden")
                .setContributionsCol("why")
                .fit(rows());
        String path = directory.resolve("model").toString();
        fitted.save(path);
        NeuralNetworkClassificationModel model = NeuralNetworkClassificationModel.load(path);
        Dataset<Row> scored = model.transform(rows());
        assertThat(scored.columns())
                .containsExactly("label", "features", "rawPrediction", "probability", "prediction", "why", "hidden");
        assertThat(AttributeGroup.fromStructField(scored.schema().apply("hidden"))
                        .size())
                .isEqualTo(5);
        List<Row> list = scored.collectAsList();
        double[] features = list.stream()
                .flatMapToDouble(
                        row -> Arrays.stream(row.<Vector>getAs("features").toArray()))
                .toArray();
        Predictor predictor = model.model().predictor(list.size());
        predictor.load(features, list.size());
        Matrix embedding = predictor.embedding(Model.LAST_HIDDEN);
        for (int n = 0; n < list.size(); n++) {
            double[] found = list.get(n).<Vector>getAs("hidden").toArray();
            double[] x = list.get(n).<Vector>getAs("features").toArray();
            assertThat(found).isEqualTo(doubles(model.model().embed(x, Model.LAST_HIDDEN)));
            for (int i = 0; i < 5; i++) {
                assertThat(found[i]).isEqualTo(embedding.get(i, n));
            }
        }
    }

    @Test
    void anotherLayerAndARegressionHaveOneToo() {
        Dataset<Row> rows = Frames.values(SPARK.get(), 60, 1);
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setHiddenLayers(6)
                .setMaxIter(2)
                .setEmbeddingCol("hidden")
                .setEmbeddingLayer(0)
                .fit(rows);
        for (Row row : model.transform(rows).collectAsList()) {
            double[] x = row.<Vector>getAs("features").toArray();
            assertThat(row.<Vector>getAs("hidden").toArray())
                    .isEqualTo(doubles(model.model().embed(x, 0)))
                    .hasSize(6);
        }
        assertThatThrownBy(() -> model.setEmbeddingLayer(7).transformSchema(rows.schema()))
                .hasMessage(
                        "embeddingCol 'hidden': there is no layer 7: the layers are 0 to 2, -1 stands for the last hidden"
                                + " one, and -2 for the narrowest");
    }

    /** The vectors of one network are the features of another. */
    @Test
    void theColumnCanBeUsedInAPipeline() {
        Dataset<Row> rows = rows();
        NeuralNetworkClassifier first = new NeuralNetworkClassifier()
                .setHiddenLayers(5)
                .setMaxIter(2)
                .setRawPredictionCol("")
                .setProbabilityCol("")
                .setPredictionCol("")
                .setEmbeddingCol("hidden");
        NeuralNetworkClassifier second = new NeuralNetworkClassifier()
                .setFeaturesCol("hidden")
                .setHiddenLayers(4)
                .setMaxIter(2);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {first, second});
        assertThat(pipeline.fit(rows).transform(rows).columns())
                .containsExactly("label", "features", "hidden", "rawPrediction", "probability", "prediction");
    }

    @Test
    void aRowThatCannotBeScoredHasNone() {
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setHiddenLayers(3)
                .setMaxIter(1)
                .setHandleInvalid("keep")
                .fit(rows())
                .setEmbeddingCol("hidden");
        Row bad = model.transform(rows().limit(1)
                        .selectExpr("array_repeat(double('NaN'), 4) AS a")
                        .select(org.apache
                                .spark
                                .ml
                                .functions
                                .array_to_vector(org.apache.spark.sql.functions.col("a"))
                                .as("features")))
                .head();
        assertThat(bad.<Vector>getAs("hidden").toArray()).containsExactly(Double.NaN, Double.NaN, Double.NaN);
    }

    @Test
    void aLinearModelHasNoHiddenLayer() {
        NeuralNetworkClassificationModel model =
                new NeuralNetworkClassifier().setHiddenLayers().setMaxIter(1).fit(rows());
        assertThatThrownBy(() -> model.setEmbeddingCol("hidden").transformSchema(rows().schema()))
                .hasMessageContaining("embeddingCol 'hidden': the network has no hidden layer");
    }
}
