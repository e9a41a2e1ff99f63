package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A job that Spark gives up is submitted again, unless its failure is the user's, or it was cancelled. */
class JobAttemptsTest {
    private static JavaSparkContext spark;
    private final AtomicInteger submitted = new AtomicInteger();

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[2]", 2));
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @AfterEach
    void isNotInterrupted() {
        Thread.interrupted();
    }

    /** A job whose tasks fail with this until it has been submitted often enough. */
    private Supplier<Integer> failing(RuntimeException failure, int times) {
        return () -> {
            int attempt = submitted.incrementAndGet();
            return spark.parallelize(List.of(1, 2), 2)
                    .map(number -> {
                        if (attempt <= times) {
                            throw failure;
                        }
                        return number;
                    })
                    .reduce(Integer::sum);
        };
    }

    @Test
    void aJobThatFailsTwiceIsSubmittedThreeTimes() {
        assertThat(JobAttempts.ofSteps(spark.sc()).run("a step", failing(new IllegalStateException("dying"), 2)))
                .isEqualTo(3);
        assertThat(submitted).hasValue(3);
    }

    @Test
    void thereIsABound() {
        assertThatThrownBy(() -> JobAttempts.ofSteps(spark.sc())
                        .run("a step", failing(new IllegalStateException("always"), 1_000)))
                .isInstanceOf(SparkException.class);
        assertThat(submitted).hasValue(JobAttempts.MOST);
    }

    @Test
    void whatAUserCanCorrectIsReportedAtOnce() {
        assertThatThrownBy(
                        () -> JobAttempts.ofSteps(spark.sc()).run("a step", failing(new DataException("no number"), 9)))
                .hasStackTraceContaining("no number");
        assertThatThrownBy(() -> JobAttempts.ofRows(spark.sc())
                        .run("reading rows", failing(new IllegalStateException("a user's reader"), 9)))
                .hasStackTraceContaining("a user's reader");
        assertThat(submitted).hasValue(2);
    }

    @Test
    void aCancelledJobIsNotSubmittedAgain() {
        assertThatThrownBy(() -> JobAttempts.ofSteps(spark.sc()).run("a step", () -> {
                    submitted.incrementAndGet();
                    spark.setJobGroup("group", "group", true);
                    Thread canceller = new Thread(() -> {
                        while (spark.statusTracker().getActiveJobIds().length == 0) {
                            Thread.onSpinWait();
                        }
                        spark.cancelJobGroup("group");
                    });
                    canceller.start();
                    return spark.parallelize(List.of(1, 2), 2)
                            .map(number -> {
                                Thread.sleep(60_000);
                                return number;
                            })
                            .reduce(Integer::sum);
                }))
                .isInstanceOf(SparkException.class);
        assertThat(submitted).hasValue(1);
        spark.clearJobGroup();
    }

    @Test
    void anInterruptEndsThePause() {
        assertThatThrownBy(() -> JobAttempts.ofSteps(spark.sc()).run("a step", () -> {
                    submitted.incrementAndGet();
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", new SparkException("aborted"));
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(submitted).hasValue(1);
    }
}
