package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fit whose thread is interrupted, or whose jobs are cancelled, ends the same way on every route, and leaves nothing. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
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
        return spark.sql("select double(id % 3) label, " + slow + "(double(id % 7)) x, rand(2) y from range(2000)");
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
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SESSION.get().sparkContext());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Dataset<Row> rows = rows(function);
        Thread thread = new Thread(() -> {
            spark.setJobGroup("of the test", "a fit");
            try {
                endless(aggregation).fit(rows);
            } catch (Throwable e) {
                thrown.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        if (stage != null) {
            while (dev.backdraft.spark.engine.FitProgress.runningFits() == 0) {
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
