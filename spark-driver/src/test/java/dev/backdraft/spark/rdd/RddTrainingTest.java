package dev.backdraft.spark.rdd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MLlib's points train the same model as any other rows, and MLlib's vectors are predicted as the model itself does. */
class RddTrainingTest {
    private static final TrainingRequest REQUEST = TrainingRequest.of(
                    Network.perceptron(new Tanh(), 5, 7, 3),
                    TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(2))
            .withStandardize(true);
    private static final Map<String, AtomicInteger> READS = new ConcurrentHashMap<>(); // of tasks in this JVM

    private static SparkSession session;
    private static JavaSparkContext spark;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        spark = new JavaSparkContext(session.sparkContext());
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    private static List<Example> rows() {
        return ListSource.threeClasses(211, false).stream()
                .map(row -> row.withWeight(1))
                .toList();
    }

    private static double[] features(Example row) {
        double[] features = new double[5];
        Arrays.setAll(features, i -> row.values()[i]);
        return features;
    }

    private static List<LabeledPoint> points(boolean sparse) {
        return rows().stream()
                .map(row -> {
                    Vector features = Vectors.dense(features(row));
                    return new LabeledPoint(row.label(), sparse ? features.toSparse() : features);
                })
                .toList();
    }

    private static JavaRDD<Vector> vectors() {
        return spark.parallelize(points(false), 3).map(LabeledPoint::features);
    }

    private static Dataset<Row> frame() {
        List<Row> cells = rows().stream()
                .map(row -> RowFactory.create(row.label(), org.apache.spark.ml.linalg.Vectors.dense(features(row))))
                .toList();
        return session.createDataFrame(
                cells, new StructType().add("label", DataTypes.DoubleType).add("features", SQLDataTypes.VectorType()));
    }

    @Test
    void rowsThatChangeWhileTheyAreReadAreRefused() {
        List<LabeledPoint> all = points(false);
        AtomicInteger reads = new AtomicInteger();
        READS.put("changing", reads);
        JavaRDD<LabeledPoint> changing = spark.parallelize(all, 1).mapPartitions(some -> {
            int read = READS.get("changing").incrementAndGet();
            List<LabeledPoint> kept = new ArrayList<>();
            some.forEachRemaining(kept::add);
            return kept.subList(0, kept.size() - read).iterator();
        });
        assertThatThrownBy(() -> new RddTraining(REQUEST, Aggregation.JOB).run(changing))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the rows changed while they were read: 243 at first, then 242");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pointsGiveTheWeightsOfADataFrame(boolean sparse) {
        Dataset<Row> frame = frame();
        Model expected = new SparkTraining(spark, Aggregation.JOB)
                .train(
                        REQUEST,
                        DataFrameRows.of(frame.schema(), List.of("features"), "label", null)
                                .of(frame),
                        null,
                        List.of());
        RddTraining training = new RddTraining(REQUEST);
        JavaRDD<LabeledPoint> points = spark.parallelize(points(sparse), 5);
        assertThat(training.run(points).model().weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(training.run(points.rdd()).model().weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(expected.weightsSha256())
                .isEqualTo(LocalTraining.train(REQUEST, rows()).weightsSha256());
    }

    @Test
    void validationRowsAreMeasured() {
        List<EpochResult> results = new ArrayList<>();
        List<EpochResult> ofScala = new ArrayList<>();
        JavaRDD<LabeledPoint> points = spark.parallelize(points(false), 2);
        JavaRDD<LabeledPoint> held = spark.parallelize(points(false).subList(0, 50), 2);
        RddTraining training = new RddTraining(REQUEST, Aggregation.JOB);
        training.run(points, held, results::add);
        training.run(points.rdd(), held.rdd(), ofScala::add);
        assertThat(results).hasSize(2).allMatch(result -> Double.isFinite(result.validationLoss()));
        assertThat(ofScala)
                .extracting(EpochResult::values)
                .isEqualTo(results.stream().map(EpochResult::values).toList());
    }

    @Test
    void classesAndProbabilitiesAreThoseOfTheModel() {
        RddModel model = new RddModel(LocalTraining.train(REQUEST, rows()));
        List<Vector> vectors = vectors().collect();
        List<Double> classes = model.predict(vectors()).collect();
        List<Vector> probabilities = model.predictProbabilities(vectors()).collect();
        List<Vector> outputs = model.predictOutputs(vectors()).collect();
        assertThat(classes).hasSize(rows().size()).contains(0.0, 1.0, 2.0);
        for (int i = 0; i < classes.size(); i++) {
            float[] expected = model.model().predict(rows().get(i).values());
            assertThat(classes.get(i))
                    .isEqualTo(model.model().predictClass(rows().get(i).values()));
            assertThat(model.predict(vectors.get(i))).isEqualTo(classes.get(i));
            assertThat(model.predictProbabilities(vectors.get(i))).isEqualTo(model.predictOutputs(vectors.get(i)));
            for (int k = 0; k < 3; k++) {
                assertThat((float) probabilities.get(i).apply(k)).isCloseTo(expected[k], within(1e-6f));
                assertThat(outputs.get(i).apply(k))
                        .isEqualTo(probabilities.get(i).apply(k));
            }
        }
        RDD<Vector> scala = vectors().rdd();
        assertThat(model.predict(scala).toJavaRDD().collect()).isEqualTo(classes);
        assertThat(model.predictProbabilities(scala).toJavaRDD().collect()).isEqualTo(probabilities);
        assertThat(model.predictOutputs(scala).toJavaRDD().collect()).isEqualTo(outputs);
    }

    /** More rows than a batch, of a network whose predictions are known: 2 a − b + 1. */
    @Test
    void valuesOfManyRowsComeInTheirOrder() {
        Network network = Network.perceptron(new Tanh(), 2, 1);
        RddModel model = new RddModel(new Model(
                network, new SquaredError(), Preprocessing.none(), new float[] {2, -1, 1}, Map.of("seed", "1")));
        List<Vector> vectors = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Vector vector = Vectors.dense(i, i % 7);
            vectors.add(i % 2 == 0 ? vector : vector.toSparse());
            expected.add(2.0 * i - i % 7 + 1);
        }
        assertThat(model.predict(spark.parallelize(vectors, 3)).collect()).isEqualTo(expected);
        assertThat(model.predict(spark.parallelize(List.<Vector>of(), 2)).collect())
                .isEmpty();
        assertThatThrownBy(() -> model.predictProbabilities(vectors.get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a model trained with squared-error has no probabilities of classes");
    }

    @Test
    void oneSigmoidOutputIsTwoProbabilities() {
        Network network = Network.perceptron(new Tanh(), 1, 1);
        RddModel model = new RddModel(new Model(
                network, new SigmoidCrossEntropy(), Preprocessing.none(), new float[] {1, 0}, Map.of("seed", "1")));
        Vector three = Vectors.dense(Math.log(3));
        Vector probabilities = model.predictProbabilities(three);
        assertThat(probabilities.apply(1)).isCloseTo(0.75, within(1e-6));
        assertThat(probabilities.apply(0) + probabilities.apply(1)).isEqualTo(1);
        assertThat(model.predictProbabilities(Vectors.dense(20)).apply(0)).isCloseTo(2.06115e-9, within(1e-14));
        assertThat(model.predictOutputs(three).size()).isEqualTo(1);
        assertThat(model.predict(three)).isEqualTo(1);
    }

    /** Two classes with one output, in ascending order, or three with three: a column apart, so that all are told apart. */
    @ParameterizedTest
    @CsvSource({"-1, 1, 1", "1, 2, 1", "0, 1, 1", "3, 7, 2", "0, 1, 2"})
    @Tag("slow")
    void aPredictedClassIsTheLabelOfTheTrainingRows(double low, double high, int outputs) {
        List<LabeledPoint> points = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            double x = i % 2 == 0 ? -1 - i / 200.0 : 1 + i / 200.0;
            points.add(new LabeledPoint(i % 2 == 0 ? low : high, Vectors.dense(x)));
        }
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 1, outputs),
                TrainingConfig.standard().withEpochs(20).withLearningRate(0.05));
        JavaRDD<LabeledPoint> rows = spark.parallelize(points, 2);
        RddModel model = new RddTraining(request, Aggregation.JOB).run(rows);
        List<Double> labels = points.stream().map(LabeledPoint::label).toList();
        assertThat(model.predict(rows.map(LabeledPoint::features)).collect()).isEqualTo(labels);
        assertThat(model.predict(points.get(0).features())).isEqualTo(low);
        assertThat(model.predict(points.get(1).features())).isEqualTo(high);
    }

    @Test
    void aClassWhoseNameIsTextIsAnIndex() {
        Preprocessing named = new Preprocessing(List.of(), "label", List.of("no", "yes"), null, null);
        RddModel model = new RddModel(new Model(
                Network.perceptron(new Tanh(), 1, 1), new SigmoidCrossEntropy(), named, new float[] {1, 0}, Map.of()));
        assertThat(model.predict(Vectors.dense(3))).isEqualTo(1);
        assertThat(model.predict(Vectors.dense(-3))).isZero();
    }

    @Test
    void filesThatCannotBeOpenedSayWhatToDo() {
        RddModel model = new RddModel(LocalTraining.train(REQUEST, rows()));
        assertThatThrownBy(() -> model.save(spark.sc(), "s3a://bucket/m"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("spark-submit --packages org.apache.hadoop:hadoop-aws:");
        assertThatThrownBy(() -> RddModel.load(spark.sc(), "https://host/m"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("web servers are not supported");
    }

    @Test
    void severalOutputsAreNoSingleNumber() {
        Network network = Network.perceptron(new Tanh(), 1, 2);
        RddModel model = new RddModel(new Model(
                network, new SquaredError(), Preprocessing.none(), new float[] {1, 2, 0, 5}, Map.of("seed", "1")));
        assertThat(model.predictOutputs(Vectors.dense(3))).isEqualTo(Vectors.dense(3, 11));
        assertThatThrownBy(() -> model.predict(Vectors.dense(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model predicts 2 numbers a row, not one: use predictOutputs");
    }

    @Test
    void aSavedModelIsTheSame() throws IOException {
        RddModel model = new RddModel(LocalTraining.train(REQUEST, rows()));
        String path = directory.resolve("m.backdraft").toUri().toString();
        model.save(spark.sc(), path);
        RddModel loaded = RddModel.load(spark.sc(), path);
        assertThat(loaded.predictOutputs(vectors()).collect())
                .isEqualTo(model.predictOutputs(vectors()).collect());
        assertThatThrownBy(() -> model.save(spark.sc(), path)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsPlace() {
        RddTraining training = new RddTraining(REQUEST, Aggregation.JOB);
        assertRefused(training, new LabeledPoint(1, Vectors.dense(1, 2)), "has 2 features instead of 5");
        assertRefused(
                training,
                new LabeledPoint(1, Vectors.sparse(5, new int[] {3}, new double[] {Double.NaN})),
                "feature 3 is NaN, not a finite number");
        assertRefused(
                training, new LabeledPoint(Double.NaN, Vectors.zeros(5)), "the label is NaN, not a finite number");
        assertRefused(training, new LabeledPoint(7, Vectors.zeros(5)), "label 7 in partition 0 row 1 is out of range");
        RddModel model = new RddModel(LocalTraining.train(REQUEST, rows()));
        assertThatThrownBy(() -> model.predict(Vectors.zeros(6)))
                .isInstanceOf(DataException.class)
                .hasMessage("the vector has 6 features instead of 5");
        assertThatThrownBy(() -> model.predict(spark.parallelize(List.of(Vectors.zeros(6)), 1))
                        .collect())
                .isInstanceOf(SparkException.class)
                .hasMessageContaining("partition 0 row 1 has 6 features instead of 5");
    }

    /** There are no weights, and nothing that skips points: the caller filters the RDD. */
    static Stream<Arguments> badPoints() {
        Vector good = Vectors.zeros(5);
        return Stream.of(
                Arguments.of(null, "the point is null"),
                Arguments.of(new LabeledPoint(1, null), "the features are null"),
                Arguments.of(new LabeledPoint(Double.NaN, good), "the label is NaN, not a finite number"),
                Arguments.of(new LabeledPoint(Double.NEGATIVE_INFINITY, good), "the label is -Infinity, not a finite"),
                Arguments.of(new LabeledPoint(1e39, good), "the label is 1.0E39, not a finite"),
                Arguments.of(new LabeledPoint(3, good), "label 3 in partition 0 row 701 is out of range"),
                Arguments.of(new LabeledPoint(-1, good), "label -1 in partition 0 row 701 is out of range"),
                Arguments.of(new LabeledPoint(0.5, good), "label 0.5 in partition 0 row 701 is out of range"),
                Arguments.of(new LabeledPoint(1, Vectors.dense(0, 0, Double.NaN, 0, 0)), "feature 2 is NaN, not a"),
                Arguments.of(
                        new LabeledPoint(1, Vectors.dense(0, Double.POSITIVE_INFINITY, 0, 0, 0)),
                        "feature 1 is Infinity, not a"),
                Arguments.of(
                        new LabeledPoint(1, Vectors.sparse(5, new int[] {4}, new double[] {Double.NEGATIVE_INFINITY})),
                        "feature 4 is -Infinity, not a"),
                Arguments.of(new LabeledPoint(1, Vectors.dense(1e39, 0, 0, 0, 0)), "feature 0 is 1.0E39, not a"),
                Arguments.of(new LabeledPoint(1, Vectors.zeros(4)), "has 4 features instead of 5"),
                Arguments.of(new LabeledPoint(1, Vectors.zeros(6)), "has 6 features instead of 5"));
    }

    @ParameterizedTest
    @MethodSource("badPoints")
    void oneBadPointAmongAThousandIsRefused(LabeledPoint bad, String message) {
        List<LabeledPoint> points = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            points.add(new LabeledPoint(i % 3, Vectors.dense(i % 3, i, 1, Math.sin(i), 0)));
        }
        points.add(700, bad);
        List<EpochResult> epochs = new ArrayList<>();
        assertThatThrownBy(
                        () -> new RddTraining(REQUEST, Aggregation.JOB).run(spark.parallelize(points, 1), epochs::add))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("partition 0 row 701");
        assertThat(epochs).isEmpty();
    }

    private static void assertRefused(RddTraining training, LabeledPoint point, String message) {
        assertThatThrownBy(() -> training.run(spark.parallelize(List.of(point), 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
