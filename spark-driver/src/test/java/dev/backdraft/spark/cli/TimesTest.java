package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the time went, as a user sees it. */
class TimesTest {
    @TempDir
    private Path directory;

    private static Progress progress(StringWriter out) {
        StepPlan plan = new StepPlan(StepPlan.Route.LOCAL, 1, 8, 1, 1, 1, 10, 0, List.of());
        return new Progress(new PrintWriter(out, true), List.of(), plan, ProgressOptions.Form.VERBOSE);
    }

    private static EpochResult result(StepTimes times) {
        return new EpochResult(3, 9, 0.5, Double.NaN, Double.NaN, Double.NaN, 0.1, new TreeMap<>(), 1000, 2, times);
    }

    @Test
    void theEpochLineSplitsTheTimeOfItsSteps() {
        StringWriter out = new StringWriter();
        progress(out).epochEnded(result(new StepTimes(10, 1_420_000_000, 120_000_000, 160_000_000, 120_000_000, 0, 0)));
        assertThat(out.toString()).contains("500 rows/s | compute 71 % combine 6 % publish 8 % update 9 % wait 6 % |");
    }

    @Test
    void nothingIsSaidOfWhatWasNotMeasured() throws IOException {
        StringWriter out = new StringWriter();
        progress(out).epochEnded(result(null));
        assertThat(out.toString()).contains("500 rows/s | ").doesNotContain("compute");
        Path file = directory.resolve("history.csv");
        try (History history = new History(new OutputFile(file.toString()), false)) {
            history.epochEnded(result(null));
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(1)).endsWith(",500,2.000,,,,,,,");
        assertThat(lines.get(1).split(",", -1)).hasSameSizeAs(lines.get(0).split(",", -1));
    }

    @Test
    void theHistorysPartsAddUpToTheSecondsOfTheSteps() throws IOException {
        Shell shell = new Shell(directory);
        shell.trains(
                shell.points("points.csv", 401), "--aggregation=job", "--master=local[2]", "--epochs=2", "--verbose");
        List<String> lines = Files.readAllLines(shell.path("run").resolve("history.csv"));
        List<String> names = Arrays.asList(lines.get(0).split(","));
        String[] cells = lines.get(2).split(",", -1);
        double sum = 0;
        for (String part : List.of("compute", "combine", "publish", "update", "wait")) {
            sum += Double.parseDouble(cells[names.indexOf(part + "_seconds")]);
        }
        assertThat(sum).isCloseTo(Double.parseDouble(cells[names.indexOf("seconds")]), within(0.004));
        assertThat(shell.out()).containsPattern("epoch 2/2 .* compute \\d+ % combine \\d+ % .*left");
    }

    @ParameterizedTest
    @CsvSource({
        "local, 'each step trains on 10 rows in 1 lane, which 1 thread computes (1 of 2 threads is idle)'",
        "job, 'each step trains on 10 rows in 1 lane, which 1 Spark task computes, with one Spark job per step (1 of 2 slots is idle)'",
        "resident, 'each step trains on 10 rows in 1 lane, which 1 resident worker computes (1 of 2 slots is idle)'"
    })
    void verboseSaysHowTheStepsRun(String aggregation, String line) throws IOException {
        Shell shell = new Shell(directory);
        Path data = shell.points("points.csv", 51);
        shell.trains(data, "--aggregation=" + aggregation, "--master=local[2]");
        assertThat(shell.out()).doesNotContain("each step", "memory that");
        shell.trains(data, "--aggregation=" + aggregation, "--master=local[2]", "--verbose", "--overwrite");
        assertThat(shell.out().lines())
                .contains(line)
                .anyMatch(text -> text.matches("memory that the training needs: (driver|heap of this JVM) .* of .*"));
        assertThat(shell.config("run").at("/run/aggregation").asText()).isEqualTo(aggregation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job", "resident"})
    void aTrainingThatCannotFitIsRefusedBeforeItStarts(String aggregation) throws IOException {
        Shell shell = new Shell(directory);
        List<String> arguments = shell.train(
                shell.points("points.csv", 51),
                "--layers=2,30000,30000,2",
                "--aggregation=" + aggregation,
                "--master=local[2]");
        shell.refused(
                arguments,
                "the training does not fit into memory: the ",
                "needs 10.1 GiB (parameters and optimizer 10.1 GiB)",
                ", but has ",
                ": give ");
        String hint = aggregation.equals("local") ? "./backdraft takes -Xmx from BACKDRAFT_JAVA_OPTS; " : ", or make ";
        shell.refused(arguments, hint);
    }
}
