package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows with a label for each output give the same weights locally and on Spark, from files, vectors and arrays. */
class SeveralLabelsTest {
    private static final TrainingRequest REQUEST = TrainingRequest.of(
                    Network.perceptron(new Tanh(), 5, 7, 3),
                    TrainingConfig.standard()
                            .withBatchSize(24)
                            .withLanes(6)
                            .withEpochs(2)
                            .withMetrics(List.of("rmse")))
            .withStandardize(true)
            .withValidationFraction(0.2);
    private static SparkSession session;

    @BeforeAll
    static void start() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /** Three values to predict, functions of features, among them rows that differ in their last label only. */
    private static List<Example> rows(boolean sparse) {
        List<Example> rows = new ArrayList<>();
        for (Example row : ListSource.threeClasses(211, sparse)) {
            float[] x = new float[5];
            row.copyTo(x, 0, 5);
            float[] labels = {x[0] - x[1], 100 * x[2] + 5, rows.size() % 7};
            rows.add(row.withLabels(labels));
        }
        return rows;
    }

    private static ListSource source(boolean sparse, int parts) {
        return new ListSource(() -> rows(sparse), parts, 99 + parts);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "JOB, 1, false, org.apache.spark.serializer.JavaSerializer",
        "RESIDENT, 5, true, org.apache.spark.serializer.KryoSerializer"
    })
    void sparkGivesTheBitsOfOneJvm(Aggregation aggregation, int parts, boolean sparse, String serializer)
            throws IOException {
        List<EpochResult> inJvm = new ArrayList<>();
        List<EpochResult> onSpark = new ArrayList<>();
        Model expected = LocalTraining.train(REQUEST, source(false, 1), null, 2, List.of(inJvm::add));
        session.stop();
        SparkConf conf = new SparkConf()
                .setMaster("local[3]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", serializer);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Model model = new SparkTraining(spark, aggregation)
                    .train(REQUEST, ExampleRdd.of(spark, source(sparse, parts)), null, List.of(onSpark::add));
            assertThat(model.weightsSha256()).isEqualTo(expected.weightsSha256());
            assertThat(model.provenance()).isEqualTo(expected.provenance());
        } finally {
            start();
        }
        assertThat(onSpark)
                .extracting(EpochResult::values)
                .isEqualTo(inJvm.stream().map(EpochResult::values).toList());
        assertThat(inJvm.get(1).metrics().get("rmse")).isFinite();
    }

    /** A frame whose label column holds what {@code cell} makes of labels. */
    private static Dataset<Row> frame(List<Example> rows, DataType type, Function<float[], Object> cell) {
        StructType schema = new StructType()
                .add("features", SQLDataTypes.VectorType())
                .add("weight", DataTypes.FloatType)
                .add("y", type);
        List<Row> cells = rows.stream()
                .map(row ->
                        RowFactory.create(Vectors.dense(doubles(row.values())), row.weight(), cell.apply(row.labels())))
                .toList();
        return session.createDataFrame(cells, schema);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static Model train(TrainingRequest request, Dataset<Row> frame) {
        DataFrameRows columns = DataFrameRows.of(frame.schema(), List.of("features"), "y", "weight");
        return new SparkTraining(new JavaSparkContext(session.sparkContext()), Aggregation.JOB)
                .train(request, columns.of(frame), null, List.of());
    }

    @Test
    void vectorsAndArraysOfAnyNumbersGiveTheSameLabels() {
        List<Example> rows = rows(false).stream()
                .map(row -> row.withLabels(
                        new float[] {Math.round(row.labels()[0]), Math.round(row.labels()[1]), row.labels()[2]}))
                .toList();
        TrainingRequest request = REQUEST.withValidationFraction(0).withStandardize(true);
        request = TrainingRequest.of(request.network(), request.config().withMetrics(List.of()))
                .withStandardize(true);
        String expected = LocalTraining.train(request, rows).weightsSha256();
        assertThat(train(request, frame(rows, SQLDataTypes.VectorType(), y -> Vectors.dense(doubles(y))
                                .toSparse()))
                        .weightsSha256())
                .isEqualTo(expected);
        for (DataType type : List.<DataType>of(DataTypes.DoubleType, DataTypes.FloatType, DataTypes.IntegerType)) {
            Dataset<Row> doubles = frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> doubles(y));
            Dataset<Row> cast = doubles.withColumn("y", doubles.col("y").cast(DataTypes.createArrayType(type)));
            assertThat(train(request, cast).weightsSha256()).as("%s", type).isEqualTo(expected);
        }
    }

    @Test
    void severalQuestionsTrainOnSparkAsInOneJvm() {
        List<Example> rows = rows(false).stream()
                .map(row -> row.withLabels(new float[] {
                    row.labels()[0] > 0 ? 1 : 0, row.labels()[1] > 50 ? 1 : 0, row.labels()[2] > 3 ? 1 : 0
                }))
                .toList();
        TrainingRequest request =
                TrainingRequest.of(REQUEST.network(), REQUEST.config().withMetrics(List.of()));
        Model model = train(request, frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> doubles(y)));
        assertThat(model.loss()).isEqualTo(new SigmoidCrossEntropy());
        assertThat(model.weightsSha256())
                .isEqualTo(LocalTraining.train(request, rows).weightsSha256());
    }

    @Test
    void badLabelsAreRefusedOrLeftOut() {
        List<Example> rows = rows(false).subList(0, 20);
        Dataset<Row> good = frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> doubles(y));
        TrainingRequest request =
                TrainingRequest.of(REQUEST.network(), REQUEST.config().withMetrics(List.of()));
        assertRefused(
                request,
                good.union(frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> null)),
                "column 'y': the label is missing");
        assertRefused(
                request,
                good.union(frame(
                        rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> new Double[] {1.0, null, 2.0})),
                "column 'y[1]': the value is missing: fill it in or leave the row out");
        assertRefused(
                request,
                good.union(frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> new Double[] {1.0, 2.0})),
                "labels, but others have");
        assertThatThrownBy(() -> DataFrameRows.of(
                        frame(rows, DataTypes.createArrayType(DataTypes.StringType), y -> new String[] {"a"})
                                .schema(),
                        List.of("features"),
                        "y",
                        null))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'y' is of type array<string> and cannot be the label");
        Dataset<Row> holes = good.union(
                frame(rows, DataTypes.createArrayType(DataTypes.DoubleType), y -> new Double[] {1.0, Double.NaN, 2.0}));
        Model model = new SparkTraining(new JavaSparkContext(session.sparkContext()), Aggregation.JOB)
                .train(
                        request,
                        DataFrameRows.of(holes.schema(), List.of("features"), "y", "weight")
                                .withSkip(true)
                                .of(holes),
                        null,
                        List.of());
        assertThat(model.weightsSha256())
                .isEqualTo(LocalTraining.train(request, rows).weightsSha256());
    }

    private static void assertRefused(TrainingRequest request, Dataset<Row> frame, String message) {
        assertThatThrownBy(() -> train(request, frame))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
