package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.FitProgress;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.spark.rdd.RddTraining;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit whose thread is interrupted, or whose jobs are cancelled, ends the same way on every route, and leaves nothing. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("slow")
class CancelledFitTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static Dataset<Row> rows(String slow) {
        SparkSession spark = SESSION.get();
        spark.udf()
                .register(
                        "slowly",
                        (UDF1<Double, Double>) value -> {
                            Thread.sleep(20);
                            return value;
                        },
                        DataTypes.DoubleType);
        return spark.sql("select double(id % 3) label, " + slow + "(double(id % 7)) x, rand(2) y, id from range(2000)");
    }

    private static NeuralNetworkClassifier endless(String aggregation) {
        return new NeuralNetworkClassifier()
                .setFeaturesCols("x", "y")
                .setHiddenLayers(8)
                .setMaxIter(1_000_000)
                .setBatchSize(64)
                .setStepSize(0.001)
                .setL2(0)
                .setStandardize(true)
                .setValidationFraction(0)
                .setAggregation(aggregation);
    }

    @ParameterizedTest
    @CsvSource({
        "resident, abs, epoch, interrupt",
        "job, abs, epoch, interrupt",
        "resident, slowly, , interrupt",
        "job, slowly, , interrupt",
        "resident, abs, epoch, cancel",
        "job, abs, epoch, cancel",
        "job, slowly, , cancel"
    })
    void endsWithOneExceptionAndLeavesNothing(String aggregation, String function, String stage, String how)
            throws Exception {
        Dataset<Row> rows = rows(function);
        assertEnds(() -> endless(aggregation).fit(rows), stage != null, how);
    }

    /** @param training whether to wait until steps are done, else only for a first job */
    private static void assertEnds(ThrowingCallable work, boolean training, String how) throws Exception {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SESSION.get().sparkContext());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            spark.setJobGroup("of the test", "a fit");
            try {
                work.call();
            } catch (Throwable e) {
                thrown.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        if (training) {
            while (FitProgress.runningFits() == 0) {
                Thread.sleep(10);
            }
            Thread.sleep(500);
        } else {
            while (spark.statusTracker().getActiveJobIds().length == 0) {
                Thread.sleep(10);
            }
        }
        if (how.equals("interrupt")) {
            thread.interrupt();
        }
        while (thread.isAlive()) {
            if (how.equals("cancel")) {
                spark.cancelJobGroup("of the test"); // between two jobs there is nothing to cancel
            }
            thread.join(20);
        }
        assertThat(thrown.get()).isInstanceOf(CancellationException.class).hasCauseInstanceOf(Exception.class);
        assertThat(interrupted.get()).isEqualTo(how.equals("interrupt"));
        assertThat(spark.getPersistentRDDs()).isEmpty();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (spark.statusTracker().getActiveJobIds().length > 0) {
            assertThat(System.nanoTime()).as("jobs go on").isLessThan(limit);
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interrupt", "cancel"})
    void aTrainingOfAnRddEndsTheSameWay(String how) throws Exception {
        JavaRDD<LabeledPoint> points = rows("abs")
                .javaRDD()
                .map(row -> new LabeledPoint(row.getDouble(0), Vectors.dense(row.getDouble(1), row.getDouble(2))));
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 2, 8, 3),
                TrainingConfig.standard().withEpochs(1_000_000));
        assertEnds(() -> new RddTraining(request).run(points), true, how);
    }

    /** As a program does that prepares a training to say something of it, or to measure more than one. */
    @ParameterizedTest
    @CsvSource({"JOB, interrupt", "RESIDENT, interrupt", "JOB, cancel", "RESIDENT, cancel"})
    void aPreparedTrainingEndsTheSameWay(Aggregation aggregation, String how) throws Exception {
        Dataset<Row> rows = rows("abs");
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 2, 8, 3),
                TrainingConfig.standard().withEpochs(1_000_000));
        ExampleRdd examples = DataFrameRows.of(rows.schema(), List.of("x", "y"), "label", null)
                .of(rows);
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SESSION.get().sparkContext());
        assertEnds(
                () -> {
                    try (PreparedTraining training =
                            new SparkTraining(spark, aggregation).prepare(request, examples, null)) {
                        training.train(TrainingStart.fromScratch(), List.of());
                    }
                },
                true,
                how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"interrupt", "cancel"})
    void importanceEndsTheSameWay(String how) throws Exception {
        Dataset<Row> slow = rows("slowly");
        NeuralNetworkClassificationModel model = endless("auto").setMaxIter(1).fit(rows("abs"));
        assertEnds(() -> model.permutationImportance(slow, new PermutationImportance(), 1000), false, how);
    }

    /** As the rows to measure on are slow, the fit is at them, or at their scan. */
    @ParameterizedTest
    @CsvSource({"job, interrupt", "resident, interrupt", "job, cancel", "resident, cancel"})
    void rowsToMeasureOnEndTheSameWay(String aggregation, String how) throws Exception {
        Dataset<Row> rows = rows("abs").withColumn("held", functions.expr("id % 2 = 0"));
        NeuralNetworkClassifier classifier = endless(aggregation)
                .setValidationIndicatorCol("held")
                .setEarlyStoppingPatience(0)
                .setMetrics("accuracy");
        assertEnds(() -> classifier.fit(rows), true, how);
    }

    /**
     * Its fits run on threads of Spark's, which an interrupt does not reach. The cross-validator throws at the first fit that ends;
     * the others end when their jobs are cancelled, which goes on for as long as this thread runs.
     */
    @Test
    void fitsOfAParallelCrossValidatorEndWithTheirGroup() throws Exception {
        NeuralNetworkClassifier classifier = endless("job");
        CrossValidator tuning = new CrossValidator()
                .setEstimator(classifier)
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(classifier.stepSize(), new double[] {0.1, 0.01})
                        .build())
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .setParallelism(2);
        Dataset<Row> rows = rows("abs");
        assertEnds(
                () -> {
                    try {
                        tuning.fit(rows);
                    } catch (Exception e) { // Spark's, of the thread that waits for those of the fits
                        waitForFits();
                        SESSION.get().catalog().clearCache(); // a cross-validator that fails leaves its folds there
                        throw e.getCause();
                    }
                },
                true,
                "cancel");
    }

    private static void waitForFits() throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (FitProgress.runningFits() > 0 || hasBlocks()) {
            assertThat(System.nanoTime())
                    .as("a fit goes on, or has left its blocks")
                    .isLessThan(limit);
            Thread.sleep(10);
        }
    }

    private static boolean hasBlocks() {
        return JavaSparkContext.fromSparkContext(SESSION.get().sparkContext()).getPersistentRDDs().values().stream()
                .anyMatch(rdd -> String.valueOf(rdd.name()).startsWith("Backdraft"));
    }

    @Test
    void aFailureWhoseTextSaysCancelledIsNone() {
        SESSION.get()
                .udf()
                .register(
                        "failing",
                        (UDF1<Double, Double>) value -> {
                            throw new IllegalStateException("order 7 was cancelled");
                        },
                        DataTypes.DoubleType);
        assertThatThrownBy(() -> endless("resident").fit(rows("failing")))
                .isNotInstanceOf(CancellationException.class)
                .hasStackTraceContaining("order 7 was cancelled");
    }
}
