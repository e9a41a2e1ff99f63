package dev.backdraft.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions in SQL text, in DataFrames and in streams say what the model says. */
class BackdraftFunctionsTest {
    private static SparkSession spark;

    @TempDir
    private static Path directory;

    /** 2 a − b + 1. */
    private static final Model LINE = model(new SquaredError(), Preprocessing.none(), 1, 2, -1, 1);

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.extensions", BackdraftExtensions.class.getName())
                .getOrCreate();
    }

    /** A session of its own, with three points. */
    private static SparkSession session() {
        SparkSession session = spark.newSession();
        Dataset<Row> frame = session.createDataFrame(
                List.of(
                        row(1, Vectors.dense(1, 5), 1, 5),
                        row(2, Vectors.sparse(2, new int[] {0}, new double[] {3}), 3, 0),
                        row(3, Vectors.dense(-2, 4), -2, 4)),
                new StructType()
                        .add("id", DataTypes.IntegerType)
                        .add("vector", SQLDataTypes.VectorType())
                        .add("doubles", DataTypes.createArrayType(DataTypes.DoubleType)));
        frame.repartition(2).createOrReplaceTempView("points"); // else the driver scores them while it plans
        return session;
    }

    private static Row row(int id, Object vector, double a, double b) {
        return RowFactory.create(id, vector, new Double[] {a, b});
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Model model(Loss loss, Preprocessing preprocessing, int outputs, float... parameters) {
        return new Model(
                Network.perceptron(new Tanh(), 2, outputs), loss, preprocessing, parameters, Map.of("seed", "1"));
    }

    private static String file(String name, Model model) throws IOException {
        Path path = directory.resolve(name);
        ModelFile.write(model, path);
        return path.toUri().toString();
    }

    private static List<List<Double>> predictions(SparkSession session, String model, String features) {
        return session
                .sql("SELECT backdraft_predict('" + model + "', " + features + ") FROM points ORDER BY id")
                .collectAsList()
                .stream()
                .map(row -> row.<Double>getList(0))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vector",
                "doubles",
                "cast(doubles AS array<float>)",
                "cast(doubles AS array<int>)",
                "cast(doubles AS array<decimal(10,2)>)",
                "array(doubles[0], doubles[1])",
                "doubles[0], doubles[1]",
                "cast(doubles[0] AS int), cast(doubles[1] AS decimal(10,2))"
            })
    void aModelInAFileScoresFeaturesOfEveryKind(String features) throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        assertThat(predictions(session, file("line.backdraft", LINE), features))
                .containsExactly(List.of(-2.0), List.of(7.0), List.of(-7.0));
    }

    @Test
    void aModelThatWasSavedAsADirectoryIsFound() throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        Files.createDirectories(directory.resolve("saved/data"));
        file("saved/data/model.backdraft", LINE);
        String saved = directory.resolve("saved").toUri().toString();
        assertThat(predictions(session, saved, "vector")).containsExactly(List.of(-2.0), List.of(7.0), List.of(-7.0));
        Files.createDirectories(directory.resolve("empty"));
        String empty = directory.resolve("empty").toUri().toString();
        assertRefused(session, "'" + empty + "', vector", "no model at '" + empty + "'");
    }

    /** By {@code spark.sql.extensions}, without any registration. */
    @Test
    void theDirectoryOfARunIsAModel() throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        Files.createDirectories(directory.resolve("run"));
        file("run/model.backdraft", LINE);
        String run = directory.resolve("run").toUri().toString();
        assertThat(predictions(session, run, "vector")).containsExactly(List.of(-2.0), List.of(7.0), List.of(-7.0));
    }

    @Test
    void severalNumbersAreTheFeatures() throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        String line = file("numbers.backdraft", LINE);
        assertThat(predictions(session, line, "doubles[0] > 0, 1"))
                .containsExactly(List.of(2.0), List.of(2.0), List.of(0.0));
        assertRefused(session, "'" + line + "', 1", "1");
        assertRefused(session, "'" + line + "', 1, 2, 3", "3");
        assertRefused(session, "'" + line + "', 1, null", "feature 1 is null");
        assertRefused(session, "'" + line + "', 1, 'two'", "feature 1 is 'two', and the model takes finite floats");
        assertRefused(session, "'" + line + "', 1, doubles", "row has 3 features but the model takes 2");
        assertRefused(session, "'" + line + "', 1, array('two')", "argument 3 must be a number");
    }

    @Test
    void anExtensionBringsTheFunctionsToEverySession() throws IOException {
        String path = file("line2.backdraft", LINE);
        assertThat(predictions(session(), path, "vector")).containsExactly(List.of(-2.0), List.of(7.0), List.of(-7.0));
        List<Row> description = spark.sql("DESCRIBE FUNCTION backdraft_predict").collectAsList();
        assertThat(description.toString())
                .contains("backdraft_predict(model, features) - Returns every output of the model");
        assertThatThrownBy(() -> spark.sql("SELECT backdraft_predict('a')").collectAsList())
                .hasMessageContaining(
                        "takes a model and features, a vector, an array or several numbers, but got 1 argument");
    }

    @Test
    void aRegisteredNameIsAModelAndMayBeReplaced() {
        SparkSession session = session();
        BackdraftFunctions.register(session, "line", LINE);
        String query = "SELECT backdraft_predict('line', vector)[0] FROM points WHERE id = 1";
        assertThat(session.sql(query).first().getDouble(0)).isEqualTo(-2);
        BackdraftFunctions.register(session, "line", model(new SquaredError(), Preprocessing.none(), 1, 0, 0, 9));
        assertThat(session.sql(query).first().getDouble(0)).isEqualTo(9);
        SparkSession other = session();
        BackdraftFunctions.register(other);
        assertThatThrownBy(() -> predictions(other, "line", "vector"))
                .rootCause()
                .hasMessageContaining("line");
        assertThat(BackdraftFunctions.unregister(session, "line")).isTrue();
        assertThat(BackdraftFunctions.unregister(session, "line")).isFalse();
    }

    @Test
    void everyOutputComesInTheUnitsOfItsLabel() {
        SparkSession session = session();
        Standardizer label = new Standardizer(new double[] {10, 20}, new double[] {2, 4});
        Preprocessing scaled = new Preprocessing(List.of(), null, List.of(), null, label);
        BackdraftFunctions.register(session, "two", model(new SquaredError(), scaled, 2, 1, 0, 0, 1, 0, 0));
        assertThat(predictions(session, "two", "vector"))
                .containsExactly(List.of(12.0, 40.0), List.of(16.0, 20.0), List.of(6.0, 36.0));
    }

    @Test
    void theClassIsTheLabelOfTheTrainingData() {
        SparkSession session = session();
        Preprocessing names = new Preprocessing(List.of(), null, List.of("left", "right"), null, null);
        BackdraftFunctions.register(session, "one", model(new SigmoidCrossEntropy(), names, 1, 1, 0, 0));
        BackdraftFunctions.register(session, "two", model(new SoftmaxCrossEntropy(), names, 2, -1, 1, 0, 0, 0, 0));
        BackdraftFunctions.register(session, "line", LINE);
        for (String model : List.of("one", "two")) {
            assertThat(session.sql("SELECT backdraft_predict_class('" + model + "', doubles) FROM points ORDER BY id")
                            .collectAsList())
                    .extracting(row -> row.getString(0))
                    .containsExactly("right", "right", "left");
        }
        assertThatThrownBy(() -> session.sql("SELECT backdraft_predict_class('line', doubles) FROM points")
                        .collectAsList())
                .rootCause()
                .hasMessageContaining("no classes to choose from with squared-error");
    }

    @Test
    void nothingIsPredictedOfNothing() {
        SparkSession session = session();
        BackdraftFunctions.register(session, "line", LINE);
        Row row = session.sql(
                        "SELECT backdraft_predict('line', CAST(NULL AS array<double>)), backdraft_predict_class('line',"
                                + " CASE WHEN id = 9 THEN vector END) FROM points WHERE id = 1")
                .first();
        assertThat(row.isNullAt(0)).isTrue();
        assertThat(row.isNullAt(1)).isTrue();
    }

    @Test
    void whatCannotBeScoredIsAnErrorThatSaysWhy() {
        SparkSession session = session();
        BackdraftFunctions.register(session, "line", LINE);
        assertRefused(
                session, "'nowhere/x.backdraft', vector", "no model at 'nowhere/x.backdraft', and no model registered");
        assertRefused(session, "'nowhere/x.backdraft', vector", "there are: line");
        assertRefused(session, "'line', array(1.0D)", "row has 1 features but the model takes 2");
        assertRefused(
                session, "'line', array(1.0D, double('NaN'))", "backdraft_predict: feature 1 is NaN, and the model");
        assertRefused(session, "'line', array(1.0D, NULL)", "backdraft_predict: feature 1 is null: fill it");
        assertRefused(session, "'line', array(1, NULL)", "backdraft_predict: feature 1 is null: fill it");
        assertRefused(session, "'line', array(1e300D, 0D)", "feature 0 is 1.0E300, and the model takes finite floats");
        assertRefused(
                session,
                "'line', 'text'",
                "the features must be a vector, an array of numbers, or several numbers, texts or dates, not string");
        assertRefused(session, "NULL, vector", "the model is null: give the path of a file or a registered name");
        assertThatIllegalArgumentException().isThrownBy(() -> BackdraftFunctions.register(session, " ", LINE));
    }

    private static void assertRefused(SparkSession session, String arguments, String message) {
        assertThatThrownBy(() -> session.sql("SELECT backdraft_predict(" + arguments + ") FROM points")
                        .collectAsList())
                .satisfies(thrown -> {
                    StringBuilder messages = new StringBuilder();
                    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                        messages.append(cause.getMessage()).append('\n');
                    }
                    assertThat(messages.toString()).contains(message);
                });
    }

    @Test
    void featuresThatAreNoNumbersAreRefusedWhenTheQueryIsAnalyzed() {
        SparkSession session = session();
        BackdraftFunctions.register(session, "line", LINE);
        for (String features : List.of("array('a', 'b')", "array(true, false)", "array(array(1.0D))", "'text'")) {
            assertThatThrownBy(() -> session.sql("SELECT backdraft_predict('line', " + features + ") FROM points"))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining(
                            "the features must be a vector, an array of numbers, or several numbers, texts or dates, not ");
        }
        assertThatThrownBy(() -> session.sql("SELECT backdraft_predict(7, vector) FROM points"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("the model must be text");
    }

    /** At once, and in a file of the same length: the time of a file may be coarse. */
    @ParameterizedTest
    @ValueSource(strings = {"'%s'", "concat('%s', substring('a', 1, 0))", "concat('%s', repeat('', id))"})
    void aModelThatIsWrittenOverAnotherIsTheModelOfTheNextQuery(String model) throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        String path = file("again.backdraft", LINE);
        String query = "SELECT backdraft_predict(" + model.formatted(path) + ", vector)[0] FROM points WHERE id = 1";
        Dataset<Row> view = session.sql(query);
        view.createOrReplaceTempView("predicted");
        assertThat(session.sql(query).first().getDouble(0)).isEqualTo(-2);
        assertThat(session.sql("SELECT * FROM predicted").first().getDouble(0)).isEqualTo(-2);
        Files.delete(directory.resolve("again.backdraft"));
        file("again.backdraft", model(new SquaredError(), Preprocessing.none(), 1, 0, 0, 9));
        assertThat(session.sql(query).first().getDouble(0)).isEqualTo(9);
        assertThat(session.sql("SELECT * FROM predicted").first().getDouble(0)).isEqualTo(9);
        SparkSession other = session();
        BackdraftFunctions.register(other);
        assertThat(other.sql(query).first().getDouble(0)).isEqualTo(9);
        Files.delete(directory.resolve("again.backdraft"));
        assertThatThrownBy(() -> session.sql(query).first()).hasStackTraceContaining("no model at '" + path + "'");
    }

    /** The clock of a file system may be ahead of the driver's. */
    @Test
    void aModelFromAColumnMayBeNewerThanTheQuery() throws IOException {
        SparkSession session = session();
        BackdraftFunctions.register(session);
        String path = file("ahead.backdraft", LINE);
        Files.setLastModifiedTime(
                directory.resolve("ahead.backdraft"),
                FileTime.from(Instant.now().plusSeconds(3600)));
        String query = "SELECT backdraft_predict(concat('" + path + "', repeat('', id)), vector)[0] FROM points";
        assertThat(session.sql(query).collectAsList())
                .extracting(row -> row.getDouble(0))
                .containsExactlyInAnyOrder(-2.0, 7.0, -7.0);
    }

    /** Rows whose paths alternate. */
    @Test
    void aTaskReadsEachModelOnce() throws Exception {
        QueryModels models = QueryModels.ofThisQuery(new NamedModels());
        String first = file("first.backdraft", LINE);
        String second = file("second.backdraft", model(new SquaredError(), Preprocessing.none(), 1, 0, 0, 9));
        Model read = models.model(first);
        Model other = models.model(second);
        Files.delete(directory.resolve("first.backdraft"));
        Files.delete(directory.resolve("second.backdraft"));
        assertThat(models.model(first)).isSameAs(read);
        assertThat(models.model(second)).isSameAs(other);
    }

    /** Spark asks again for the columns of a row that a filter on its prediction has let pass. */
    @Test
    void theSameRowIsScoredOnce() throws IOException {
        PredictFunction function = new PredictFunction(
                ScoringFunction.PREDICT, QueryModels.ofThisQuery(new NamedModels()), ZoneOffset.UTC);
        String path = file("once.backdraft", LINE);
        Object scored = function.apply(path, Vectors.dense(1, 5));
        assertThat(function.apply(path, Vectors.dense(1, 5))).isSameAs(scored);
        assertThat(function.apply(path, Vectors.dense(3, 0))).isEqualTo(new double[] {7});
        String other = file("other.backdraft", model(new SquaredError(), Preprocessing.none(), 1, 0, 0, 9));
        assertThat(function.apply(other, Vectors.dense(3, 0))).isEqualTo(new double[] {9});
    }

    /** The model is settled when the query is planned, whatever happens to file or name before its tasks start. */
    @Test
    void aQueryKeepsTheModelThatItWasPlannedWith() throws IOException {
        SparkSession session = session();
        String path = file("planned.backdraft", LINE);
        BackdraftFunctions.register(session, "planned", LINE);
        for (String model : List.of(path, "planned")) {
            Dataset<Row> query =
                    session.sql("SELECT backdraft_predict('" + model + "', vector)[0] FROM points WHERE id = 1");
            query.queryExecution().executedPlan();
            Files.deleteIfExists(directory.resolve("planned.backdraft"));
            BackdraftFunctions.unregister(session, "planned");
            assertThat(query.collectAsList().get(0).getDouble(0)).isEqualTo(-2);
            file("planned.backdraft", LINE);
            BackdraftFunctions.register(session, "planned", LINE);
        }
    }

    @Test
    void aStreamIsScored() throws Exception {
        SparkSession session = session();
        BackdraftFunctions.register(session, "line", LINE);
        Path input = Files.createDirectory(directory.resolve("stream"));
        Files.writeString(input.resolve("1.json"), "{\"id\":1,\"x\":[1,5]}\n{\"id\":2,\"x\":[3,0]}\n");
        Dataset<Row> rows = session.readStream()
                .schema("id INT, x ARRAY<DOUBLE>")
                .json(input.toUri().toString());
        StreamingQuery query = rows.select(
                        functions.col("id"),
                        functions.expr("backdraft_predict('line', x)[0]").as("y"))
                .writeStream()
                .format("memory")
                .queryName("scored")
                .outputMode("append")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.ProcessingTime(100))
                .start();
        try {
            query.processAllAvailable();
            BackdraftFunctions.register(session, "line", model(new SquaredError(), Preprocessing.none(), 1, 0, 0, 9));
            Files.writeString(input.resolve("2.json"), "{\"id\":3,\"x\":[-2,4]}\n");
            query.processAllAvailable();
            assertThat(session.sql("SELECT y FROM scored ORDER BY id").collectAsList())
                    .extracting(row -> row.getDouble(0))
                    .containsExactly(-2.0, 7.0, 9.0); // the new model in the next batch
        } finally {
            query.stop();
        }
    }
}
