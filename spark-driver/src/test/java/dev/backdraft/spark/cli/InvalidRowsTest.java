package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --invalid skip} leaves rows out, counts them by reason, and gives the bits of data without them. */
class InvalidRowsTest {
    private static final String COUNTS =
            "6 rows skipped: 2 with an empty cell, 2 with NaN, 2 with an infinite number or one"
                    + " beyond the range of a 32-bit float";

    @TempDir
    private Path directory;

    private Shell shell;
    private Path clean;
    private Path dirty;

    @BeforeEach
    void setUp() throws IOException {
        shell = new Shell(directory);
        clean = shell.points("clean.csv", 60);
        List<String> lines = new ArrayList<>(Files.readAllLines(clean));
        lines.addAll(20, List.of(",1,a", "NaN,1,b", "1,nan,a", "-Infinity,1,a"));
        lines.addAll(List.of("1,1e60,b", "1,2,"));
        dirty = shell.write("dirty.csv", lines.stream().collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void trainingSkipsRowsOnEveryRoute() throws IOException {
        shell.trains(clean, "--standardize");
        String hash = shell.hash("run");
        for (String route : List.of("local", "job", "resident")) {
            shell.trains(
                    dirty, "--standardize", "--invalid", "skip", "--aggregation", route, "--out", shell.name(route));
            assertThat(shell.hash(route)).as(route).isEqualTo(hash);
            assertThat(shell.out()).contains(COUNTS);
            assertThat(shell.config(route).path("run").path("skippedRows").intValue())
                    .isEqualTo(6);
        }
        shell.trains(
                clean,
                "--standardize",
                "--invalid",
                "skip",
                "--validation",
                dirty.toString(),
                "--out",
                shell.name("held"));
        assertThat(shell.out()).startsWith("0 rows skipped\nvalidation: " + COUNTS);
    }

    @Test
    void parquetIsSkippedLikewise() throws IOException {
        StructType schema =
                new StructType().add("x", "double").add("y", "double").add("kind", "string");
        List<org.apache.spark.sql.Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(clean).subList(1, 61)) {
            String[] cells = line.split(",", -1);
            rows.add(RowFactory.create(Double.valueOf(cells[0]), Double.valueOf(cells[1]), cells[2]));
        }
        rows.add(RowFactory.create(null, 1.0, "a"));
        rows.add(RowFactory.create(Double.NaN, 1.0, "b"));
        rows.add(RowFactory.create(1.0, Double.NaN, "a"));
        rows.add(RowFactory.create(Double.NEGATIVE_INFINITY, 1.0, "a"));
        rows.add(RowFactory.create(1.0, 1e60, "b"));
        rows.add(RowFactory.create(1.0, 2.0, null));
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.createDataFrame(rows, schema).write().parquet(shell.name("dirty.parquet"));
        }
        shell.trains(clean);
        String hash = shell.hash("run");
        for (String route : List.of("local", "job")) {
            shell.trains(
                    shell.path("dirty.parquet"),
                    "--invalid",
                    "skip",
                    "--aggregation",
                    route,
                    "--out",
                    shell.name(route));
            assertThat(shell.hash(route)).as(route).isEqualTo(hash);
            assertThat(shell.out()).contains(COUNTS);
        }
        shell.succeed(
                "evaluate", "--model", shell.name("run"), "--data", shell.name("dirty.parquet"), "--invalid", "skip");
        assertThat(shell.out()).startsWith(COUNTS + "\nrows: 60\n");
    }

    @Test
    void evaluateAndPredictSkipAndCount() throws IOException {
        shell.trains(clean);
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", clean.toString());
        String evaluation = shell.out();
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", dirty.toString(), "--invalid", "skip");
        assertThat(shell.out()).isEqualTo(COUNTS + "\n" + evaluation);
        shell.succeed(
                "predict",
                "--model",
                shell.name("run"),
                "--data",
                dirty.toString(),
                "--invalid",
                "skip",
                "--out",
                shell.name("p.csv"));
        assertThat(shell.out()).startsWith("5 rows skipped: 1 with an empty cell"); // labels are not read
        assertThat(Files.readAllLines(shell.path("p.csv"))).hasSize(62);
    }

    @Test
    void withoutItAndForTextTheDataIsRefused() throws IOException {
        shell.refused(shell.train(dirty), "dirty.csv line 21, column 'x' is empty");
        shell.refused(shell.train(dirty, "--invalid", "error"), "dirty.csv line 21, column 'x' is empty");
        shell.write("text.csv", "x,y,kind\n1,2,a\n3,four,b\n");
        shell.refused(shell.train(shell.path("text.csv"), "--invalid", "skip"), "text.csv line 3", "'four'");
        shell.write("none.csv", "x,y,kind\nNaN,2,a\n3,NaN,b\n");
        shell.refused(
                shell.train(shell.path("none.csv"), "--invalid", "skip"),
                "no rows to train on: 2 rows skipped: 2 with NaN");
        shell.refused(shell.train(dirty, "--invalid", "drop"), "--invalid", "drop");
    }

    @Test
    void libSvmIsSkippedLikewise() throws IOException {
        shell.write("rows.libsvm", "0 1:0.5 2:1\n1 1:nan\n1 1:0.1 2:inf\n1 2:0.75\n0 1:1\n");
        shell.trains(shell.path("rows.libsvm"), "--invalid", "skip", "--layers", "2,2", "--batch-size", "full");
        assertThat(shell.out()).contains("2 rows skipped: 1 with NaN, 1 with an infinite number");
    }
}
