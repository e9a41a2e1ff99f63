package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.MinMaxScaler;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** As Spark's own tests do of any transformer: what it makes of a stream is what it makes of the same rows at rest. */
@Tag("slow")
class StreamingExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static int queries;

    @TempDir
    private Path directory;

    private static Dataset<Row> three;

    @BeforeAll
    static void make() {
        three = Frames.classes(SPARK.get(), 3, 60, 1)
                .withColumn("id", functions.monotonically_increasing_id())
                .cache();
    }

    /** The rows as a stream of files, one a micro-batch. */
    private Dataset<Row> stream(Dataset<Row> rows) {
        String path = directory.resolve("rows").toString();
        rows.repartition(3).write().mode("overwrite").parquet(path);
        return SPARK.get()
                .readStream()
                .schema(rows.schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(path);
    }

    private static List<Row> run(Dataset<Row> streaming) throws TimeoutException, StreamingQueryException {
        String name = "scored" + queries++;
        StreamingQuery query = streaming
                .writeStream()
                .format("memory")
                .queryName(name)
                .trigger(Trigger.AvailableNow())
                .start();
        try {
            query.awaitTermination();
        } finally {
            query.stop();
        }
        return SPARK.get().table(name).orderBy("id").collectAsList();
    }

    private void assertSameAsBatch(Transformer model, Dataset<Row> rows, String... columns)
            throws TimeoutException, StreamingQueryException {
        Column[] wanted = Arrays.stream(columns).map(functions::col).toArray(Column[]::new);
        Dataset<Row> streaming = model.transform(stream(rows));
        assertThat(streaming.isStreaming()).isTrue();
        assertThat(streaming.schema().fieldNames())
                .isEqualTo(model.transform(rows).schema().fieldNames());
        assertThat(run(streaming.select(wanted)))
                .isEqualTo(model.transform(rows).select(wanted).orderBy("id").collectAsList())
                .hasSize(60);
    }

    @Test
    void aClassifierScoresAStreamAsItDoesABatch() throws TimeoutException, StreamingQueryException {
        NeuralNetworkClassificationModel model = Samples.classifier().fit(three);
        assertSameAsBatch(model, three, "id", "features", "label", "rawPrediction", "probability", "prediction");
        model.setThresholds(new double[] {0.2, 1, 1}).setProbabilityCol("").setRawPredictionCol("");
        assertSameAsBatch(model, three, "id", "prediction");
    }

    @Test
    void aRegressionScoresAStreamAsItDoesABatch() throws TimeoutException, StreamingQueryException {
        assertSameAsBatch(Samples.regressor().fit(three), three, "id", "prediction");
    }

    @Test
    void aPipelineScoresAStreamAsItDoesABatch() throws TimeoutException, StreamingQueryException {
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {
                    new MinMaxScaler().setInputCol("features").setOutputCol("scaled"),
                    Samples.classifier().setFeaturesCol("scaled")
                })
                .fit(three);
        assertSameAsBatch(model, three, "id", "probability", "prediction");
    }

    @Test
    void aStreamsPredictionsCanBeCounted() throws TimeoutException, StreamingQueryException {
        NeuralNetworkClassificationModel model =
                Samples.classifier().setMaxIter(40).fit(three);
        Dataset<Row> counts =
                model.transform(stream(three)).groupBy("prediction").count();
        StreamingQuery query = counts.writeStream()
                .format("memory")
                .queryName("counts")
                .outputMode("complete")
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        assertThat(SPARK.get().table("counts").orderBy("prediction").collectAsList())
                .isEqualTo(model.transform(three)
                        .groupBy("prediction")
                        .count()
                        .orderBy("prediction")
                        .collectAsList());
    }

    @Test
    void aStreamOfTheWrongColumnsIsRefusedAtOnceAndBadRowsWhenTheyCome() {
        NeuralNetworkClassificationModel model = Samples.classifier().fit(three);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.transform(stream(three).drop("features")))
                .withMessageContaining("no column 'features'");
        Dataset<Row> bad = Samples.weighted(SPARK.get(), Samples.row(1.0, 1.0, Vectors.dense(1, 2)))
                .withColumn("id", functions.lit(1L));
        assertThatThrownBy(() -> run(model.transform(stream(bad))))
                .isInstanceOf(StreamingQueryException.class)
                .hasStackTraceContaining("the vector has 2 features instead of 4");
    }

    @Test
    void aStreamCannotBeTrainedOn() {
        assertThatThrownBy(() -> Samples.classifier().fit(stream(three))).hasMessageContaining("streaming");
    }
}
