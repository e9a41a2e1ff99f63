package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Models in directories, and rows that come as a stream. */
class StoreTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> rows() {
        return Frames.classes(SPARK.get(), 3, 60, 1);
    }

    private static NeuralNetworkClassifier quick() {
        return new NeuralNetworkClassifier().setHiddenLayers(5).setMaxIter(4).setBatchSize(16);
    }

    @Test
    void theFileInsideOpensWithoutSparkAndPredictsTheSameBits(@TempDir Path directory) throws IOException {
        NeuralNetworkClassificationModel model = quick().fit(rows());
        String path = directory.resolve("model").toUri().toString();
        model.save(path);
        assertThatThrownBy(() -> model.save(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already exists");
        Model core = ModelFile.read(directory.resolve("model/data/model.backdraft"));
        for (Row row : model.transform(rows()).collectAsList()) {
            double[] p = row.<Vector>getAs("probability").toArray();
            assertThat(core.predict(row.<Vector>getAs("features").toArray())).containsExactly(p);
        }
        try (var files = Files.walk(directory.resolve("model/data"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("data", "model.backdraft");
        }
    }

    /** Saved by the first version: every later one must read it, and score as it did. */
    @Test
    void aModelOfTheFirstVersionIsRead() throws IOException {
        String path = new File("src/test/resources/ml/classifier-1").toURI().toString();
        NeuralNetworkClassificationModel model = NeuralNetworkClassificationModel.load(path);
        assertThat(model.uid()).isEqualTo("neuralNetworkClassifier_first");
        assertThat(model.getHiddenLayers()).containsExactly(5);
        assertThat(model.getThresholds()).containsExactly(0.5, 1, 1);
        assertThat(model.model().weightsSha256())
                .isEqualTo(Files.readString(Path.of("src/test/resources/ml/classifier-1.sha256"))
                        .strip());
        assertThat(model.transform(rows()).count()).isEqualTo(60);
        String estimator = new File("src/test/resources/ml/estimator-1").toURI().toString();
        assertThat(NeuralNetworkClassifier.load(estimator).getMaxIter()).isEqualTo(4);
    }

    /** Spark 4.1's mode for a driver's own disk: no file system of Hadoop's is asked, for a pipeline's stages either. */
    @Test
    void savesToTheLocalDiskOfTheDriver(@TempDir Path directory) throws ReflectiveOperationException {
        Method save;
        try {
            save = MLWriter.class.getMethod("saveToLocal", String.class);
        } catch (NoSuchMethodException e) {
            return; // Spark 4.0
        }
        Method load = MLReader.class.getMethod("loadFromLocal", String.class);
        NeuralNetworkClassificationModel model = quick().fit(rows());
        String path = directory.resolve("model").toString();
        save.invoke(model.write(), path);
        assertThat(directory.resolve("model/data/model.backdraft")).exists();
        assertThat(directory.resolve("model/data/.model.backdraft.crc")).doesNotExist();
        Object loaded = load.invoke(NeuralNetworkClassificationModel.read(), path);
        assertThat(((NeuralNetworkClassificationModel) loaded).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        assertThat(model.estimatedSize()).isEqualTo(4L * model.model().network().length());
    }

    @Test
    void aStreamIsScored(@TempDir Path directory) throws Exception {
        PipelineModel model =
                new Pipeline().setStages(new PipelineStage[] {quick()}).fit(rows());
        String in = directory.resolve("in").toString();
        rows().write().parquet(in);
        Dataset<Row> stream = SPARK.get().readStream().schema(rows().schema()).parquet(in);
        StreamingQuery query = model.transform(stream)
                .writeStream()
                .format("memory")
                .queryName("scored")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .start();
        try {
            query.processAllAvailable();
            List<Row> scored = SPARK.get().table("scored").collectAsList();
            assertThat(scored)
                    .containsExactlyInAnyOrderElementsOf(model.transform(rows()).collectAsList());
        } finally {
            query.stop();
        }
    }

    @Test
    void aDamagedModelIsRefused(@TempDir Path directory) throws IOException {
        quick().fit(rows()).save(directory.resolve("model").toString());
        Files.write(directory.resolve("model/data/model.backdraft"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(
                        directory.resolve("model").toString()))
                .hasMessageContaining("model.backdraft");
        assertThatThrownBy(() -> NeuralNetworkRegressionModel.load(
                        directory.resolve("model").toString()))
                .hasMessageContaining("NeuralNetworkRegressionModel");
    }
}
