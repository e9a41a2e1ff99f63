package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the data is followed by the options of this command that fix it. */
class AdviceTest {
    private static final String SKIP = "to leave such rows out and count them, add --invalid skip";

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    private List<String> command(String name, Path data, String... more) {
        return switch (name) {
            case "train" -> shell.train(data, more);
            case "check-gradient" -> list(List.of(name, "--data", data.toString(), "--layers", "2,2"), more);
            default ->
                list(List.of(name, "--data", data.toString(), "--layers", "2,2", "--out", shell.name("run")), more);
        };
    }

    private static List<String> list(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void aColumnOfTextIsNamedWithTheOptionsThatLeaveItOut() throws IOException {
        Path data = shell.write("people.csv", "age,city,kind\n1,silver,a\n2,gold,b\n");
        for (String route : List.of("local", "job", "resident")) {
            for (String name : List.of("train", "find-learning-rate", "check-gradient")) {
                shell.refused(
                        command(name, data, "--aggregation", route),
                        "people.csv line 2, column 'city': 'silver' is not a number, but features must be numbers:"
                                + " correct it, or train without the column",
                        "to leave the column out, add --ignore city; if it is the label, add --label city\n");
            }
        }
        shell.refused(
                shell.train(data, "--invalid", "skip"),
                "--invalid skip leaves out rows with an empty cell, NaN or an infinite number, but not rows with text"
                        + " such as 'silver'",
                "add --ignore city");
        shell.refused(shell.train(data, "--label", "kind"), "add --ignore city\n");
        shell.refused(
                shell.train(data, "--features", "age,city"), "to leave the column out, remove it from --features\n");
        Path two = shell.write("two.csv", "id,home town,age,kind\n1,silver,1,a\n2,gold,2,b\n");
        shell.refused(
                shell.train(two, "--ignore", "id", "--label", "kind"),
                "to leave the column out, use --ignore 'id,home town'\n");
        assertThat(shell.err()).doesNotContain("--help");
    }

    @Test
    void aColumnWhoseNameHasACommaIsNamedSoThatItIsFound() throws IOException {
        Path data = shell.write(
                "comma.csv", "id,\"town, state\",age,kind\n1,silver,1,a\n2,gold,2,b\n3,tin,3,a\n4,iron,4,b\n");
        shell.refused(shell.train(data, "--label", "kind", "--layers", "3,2"), "add --ignore 'town, state'\n");
        shell.refused(shell.train(data, "--ignore", "id", "--label", "kind"), "use --ignore 'id,\"town, state\"'\n");
        shell.succeed(shell.train(data, "--ignore", "id,\"town, state\"", "--label", "kind", "--layers", "1,2")
                .toArray(new String[0]));
    }

    @Test
    void textInAColumnThatTheModelTakesIsNotLeftOut() throws IOException {
        shell.trains(shell.points("points.csv", 40));
        Path data = shell.write("text.csv", "x,y,kind\n1,silver,a\n");
        for (String name : List.of("predict", "evaluate")) {
            List<String> command =
                    new ArrayList<>(List.of(name, "--model", shell.name("run"), "--data", data.toString()));
            if (name.equals("predict")) {
                command.addAll(List.of("--out", shell.name("p.csv")));
            }
            assertThat(shell.run(command.toArray(new String[0]))).isEqualTo(2);
            assertThat(shell.err())
                    .contains("column 'y': 'silver' is not a number, but features must be numbers: correct it, or train"
                            + " without the column\n")
                    .doesNotContain("leave");
        }
    }

    @Test
    void whereMemoryIsSetDependsOnHowTheCommandWasStarted() {
        assertThat(Launcher.memory()).isEqualTo("./backdraft takes -Xmx from BACKDRAFT_JAVA_OPTS");
        assertThat(Launcher.vector()).isEmpty();
        System.setProperty("spark.app.submitTime", "1"); // as spark-submit does
        try {
            assertThat(Launcher.memory()).isEqualTo("spark-submit takes the memory of the driver from --driver-memory");
            assertThat(Launcher.vector()).startsWith(": with spark-submit, add --driver-java-options ");
        } finally {
            System.clearProperty("spark.app.submitTime");
        }
    }

    @Test
    void aColumnOfTextInParquetIsNamedInTheSameWay() throws IOException {
        StructType schema =
                new StructType().add("age", "double").add("city", "string").add("kind", "string");
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.createDataFrame(List.of(RowFactory.create(1.0, "silver", "a")), schema)
                    .write()
                    .parquet(shell.name("people.parquet"));
            StructType two = new StructType().add("age", "double").add("kind", "string");
            spark.createDataFrame(List.of(RowFactory.create(null, "a"), RowFactory.create(1.0, "b")), two)
                    .write()
                    .parquet(shell.name("empty.parquet"));
        }
        for (String route : List.of("local", "job")) {
            shell.refused(
                    shell.train(shell.path("people.parquet"), "--aggregation", route),
                    "column 'city' is of type string and cannot be a feature",
                    "to leave the column out, add --ignore city; if it is the label, add --label city\n");
            shell.refused(
                    shell.train(shell.path("empty.parquet"), "--aggregation", route, "--layers", "1,2"),
                    "column 'age': the value is missing: fill it in or leave the row out",
                    SKIP);
        }
    }

    @Test
    void anEmptyCellIsFollowedByTheOptionThatSkipsIt() throws IOException {
        Path data = shell.write("empty.csv", "x,y,kind\n1,2,a\n,3,b\n");
        Path sparse = shell.write("nan.libsvm", "0 1:1 2:2\n1 1:nan 2:1\n");
        for (String route : List.of("local", "job")) {
            for (String name : List.of("train", "find-learning-rate", "check-gradient")) {
                shell.refused(
                        command(name, data, "--aggregation", route),
                        "empty.csv line 3, column 'x' is empty: fill it in or remove the row (1 such row: 1 with an empty cell)\n"
                                + SKIP + "\n");
                shell.refused(
                        command(name, sparse, "--aggregation", route),
                        "nan.libsvm line 2: index 1: 'nan' is not a finite number",
                        SKIP);
            }
        }
        shell.refused(shell.train(shell.write("label.csv", "x,y,kind\n1,2,a\n1,3,\n")), "column 'kind' is empty", SKIP);
        shell.trains(shell.points("points.csv", 40));
        String model = shell.name("run");
        assertThat(shell.run("evaluate", "--model", model, "--data", data.toString()))
                .isEqualTo(2);
        assertThat(shell.err()).contains("column 'x' is empty", SKIP);
        assertThat(shell.run("predict", "--model", model, "--data", data.toString(), "--out", shell.name("p.csv")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("column 'x' is empty", SKIP);
    }

    @Test
    void wordsForMissingValuesAreToldFromEmptyCells() throws IOException {
        for (String word : List.of("NA", "n/a", "null", "?")) {
            Path data = shell.write("na.csv", "x,y,kind\n1,2,a\n" + word + ",3,b\n");
            String skips =
                    "if '" + word + "' stands for a missing value, make the cell empty and add --invalid skip, which"
                            + " leaves out rows with an empty cell, NaN or an infinite number\n";
            shell.refused(shell.train(data), "column 'x': '" + word + "' is not a number", skips, "--ignore x");
            shell.refused(shell.train(data, "--invalid", "skip"), skips);
        }
        shell.trains(shell.points("points.csv", 40));
        assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", shell.name("na.csv")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("make the cell empty").doesNotContain("--ignore"); // the model takes it
    }

    @Test
    void invalidRowsAreSkippedByEveryCommandThatReadsRows() throws IOException {
        Path data = shell.points("points.csv", 200);
        String rows = Files.readString(data);
        Path dirty = shell.write("dirty.csv", rows + ",1,a\n");
        shell.succeed(command("check-gradient", dirty, "--invalid", "skip").toArray(new String[0]));
        assertThat(shell.out()).contains("1 row skipped: 1 with an empty cell");
        shell.succeed(command("find-learning-rate", dirty, "--invalid", "skip", "--steps", "10")
                .toArray(new String[0]));
        assertThat(shell.out()).contains("1 row skipped: 1 with an empty cell");
    }
}
