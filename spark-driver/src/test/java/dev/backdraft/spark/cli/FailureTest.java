package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of a failure that nobody expected. */
class FailureTest {
    @TempDir
    private Path directory;

    @Test
    void aTaskThatFailsSaysWhy() {
        try (LazySession session = new LazySession("local[2]")) {
            JavaSparkContext spark =
                    JavaSparkContext.fromSparkContext(session.get().sparkContext());
            Throwable failure = catchThrowable(() -> spark.parallelize(List.of(1, 2), 2)
                    .map(number -> {
                        throw new IllegalStateException("the disk of this executor is full");
                    })
                    .collect());
            assertThat(failure).isNotNull();
            assertThat(Failure.message(new RuntimeException(failure)))
                    .isEqualTo("a task failed: the disk of this executor is full");
        }
    }

    @Test
    void theExecutorIsNamedAndTheNumberOfTimes() {
        SparkException failure = new SparkException(
                "Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: Lost task"
                        + " 3.3 in stage 1.0 (TID 9) (10.0.0.7 executor 2): ExecutorLostFailure (executor 2 exited caused by"
                        + " one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:");
        assertThat(Failure.message(failure))
                .isEqualTo(
                        "a task failed on 10.0.0.7, executor 2, 4 times: ExecutorLostFailure (executor 2 exited caused"
                                + " by one of the running tasks) Reason: Command exited with code 137");
    }

    @Test
    void theCauseCountsNotItsWrapping() {
        Throwable root = new FileNotFoundException("/a/b (denied)");
        assertThat(Failure.message(new UncheckedIOException(new IOException(root))))
                .isEqualTo("FileNotFoundException: /a/b (denied)");
        IllegalStateException notOurs = new IllegalStateException("wrapped", root);
        notOurs.setStackTrace(new StackTraceElement[] {new StackTraceElement("java.lang.Thread", "run", null, 1)});
        assertThat(Failure.message(notOurs)).isEqualTo("FileNotFoundException: /a/b (denied)");
        assertThat(Failure.message(new UnsupportedOperationException())).isEqualTo("UnsupportedOperationException");
    }

    @Test
    void whatOurOwnCodeSaysOfACauseIsKept() {
        Throwable root = new FileNotFoundException("/a/b (denied)");
        assertThat(Failure.message(new RuntimeException(new IOException("copy it to a disk of your own", root))))
                .isEqualTo("copy it to a disk of your own: FileNotFoundException: /a/b (denied)");
        assertThat(Failure.message(new IOException("cannot listen on port 7: in use", new IOException("in use"))))
                .isEqualTo("cannot listen on port 7: in use");
        SparkException task = new SparkException(
                "Job aborted due to stage failure: Task 3 in stage 1.0 failed 1 times, most recent failure: Lost task"
                        + " 3.0 in stage 1.0 (TID 9) (localhost executor driver): java.io.IOException: …",
                new IOException("mount the disk", root));
        assertThat(Failure.message(new IOException("the rows cannot be read", task)))
                .isEqualTo(
                        "the rows cannot be read: a task failed: mount the disk: FileNotFoundException: /a/b (denied)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCommandPrintsOneMessageAndOnRequestTheStackTrace(boolean verbose) throws IOException {
        Shell shell = new Shell(directory);
        shell.trains(shell.points("points.csv", 40));
        List<String> predict = new ArrayList<>(List.of("predict", "--model", shell.name("run"), "--data"));
        predict.addAll(List.of(shell.name("points.csv"), "--out", shell.name("points.csv/p.csv"))); // below a file
        if (verbose) {
            predict.add("--verbose");
        }
        assertThat(shell.run(predict.toArray(new String[0]))).isEqualTo(1);
        assertThat(shell.err().contains("\tat ")).isEqualTo(verbose);
        assertThat(shell.err().lines().filter(line -> line.startsWith("backdraft: ")))
                .singleElement()
                .asString()
                .contains("points.csv")
                .matches(line -> line.endsWith("; --verbose shows the log and the stack trace") != verbose);
    }

    @Test
    void detailsAreShownAndNothingIsHidden() {
        try {
            Configurator.setLevel("dev.backdraft", Level.WARN);
            Configurator.setLevel("org.apache.spark.executor.Executor", Level.OFF);
            Configurator.setLevel("org.apache.spark.scheduler.TaskSetManager", Level.DEBUG);
            Logs.showDetails();
            assertThat(LogManager.getLogger("dev.backdraft.any").isInfoEnabled())
                    .isTrue();
            assertThat(LogManager.getLogger("org.apache.spark.executor.Executor")
                            .isErrorEnabled())
                    .isTrue();
            assertThat(LogManager.getLogger("org.apache.spark.scheduler.TaskSetManager")
                            .isDebugEnabled())
                    .isTrue();
        } finally {
            List.of("dev.backdraft", "org.apache.spark.executor.Executor", "org.apache.spark.scheduler.TaskSetManager")
                    .forEach(name -> Configurator.setLevel(name, (Level) null));
        }
    }
}
