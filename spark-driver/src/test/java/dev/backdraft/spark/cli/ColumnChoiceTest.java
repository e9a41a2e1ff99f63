package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --features} and {@code --ignore} choose the columns of CSV and Parquet in every command. */
class ColumnChoiceTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path points;
    private Path wide;

    @BeforeEach
    void setUp() throws IOException {
        shell = new Shell(directory);
        points = shell.points("points.csv", 60);
        StringBuilder csv = new StringBuilder("id,y,name,x,kind\n");
        int id = 0;
        for (String line : Files.readAllLines(points).subList(1, 61)) {
            String[] cells = line.split(",", -1);
            csv.append(id++ + "," + cells[1] + ",n" + id % 7 + "," + cells[0] + "," + cells[2] + "\n");
        }
        wide = shell.write("wide.csv", csv.toString());
    }

    private void parquet() throws IOException {
        toParquet("wide");
    }

    private void toParquet(String name) throws IOException {
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.read()
                    .option("header", "true")
                    .option("inferSchema", "true")
                    .csv(shell.name(name + ".csv"))
                    .write()
                    .parquet(shell.name(name + ".parquet"));
        }
    }

    @Test
    void trainingTakesTheFeaturesInTheOrderThatIsNamed() throws IOException {
        parquet();
        shell.trains(points);
        String hash = shell.hash("run");
        for (String data : List.of("wide.csv", "wide.parquet")) {
            for (String route : List.of("local", "job")) {
                shell.trains(
                        shell.path(data),
                        "--features",
                        "x,y",
                        "--aggregation",
                        route,
                        "--validation",
                        shell.name(data),
                        "--out",
                        shell.name(data + route));
                assertThat(shell.hash(data + route)).isEqualTo(hash);
            }
        }
        shell.succeed("evaluate", "--model", shell.name("wide.csvlocal"), "--data", wide.toString());
        assertThat(shell.out()).contains("rows: 60");
        shell.succeed("inspect", "--model", shell.name("wide.csvlocal"));
        assertThat(shell.out()).contains("features: x, y\n", "label: kind\n");
    }

    @Test
    void ignoredColumnsAreNoFeatures() throws IOException {
        parquet();
        shell.trains(wide, "--ignore", "id,name");
        String hash = shell.hash("run");
        shell.trains(shell.path("wide.parquet"), "--ignore", "name,id", "--out", shell.name("parquet"));
        assertThat(shell.hash("parquet")).isEqualTo(hash);
        shell.trains(wide, "--config", shell.name("run/config.json"), "--out", shell.name("again"));
        assertThat(shell.hash("again")).as("config.json keeps the choice").isEqualTo(hash);
        shell.succeed(
                "find-learning-rate",
                "--data",
                wide.toString(),
                "--ignore",
                "id,name",
                "--layers",
                "2,2",
                "--steps",
                "10",
                "--batch-size",
                "10",
                "--out",
                shell.name("curve.csv"));
        shell.succeed("check-gradient", "--data", wide.toString(), "--features", "y,x", "--layers", "2,2");
    }

    @Test
    void unknownAndContradictoryNamesAreRefused() throws IOException {
        shell.refused(
                shell.train(wide, "--features", "x,z"),
                "wide.csv: no feature column 'z': the columns are id, y, name, x, kind");
        shell.refused(
                shell.train(wide, "--ignore", "row"),
                "no column 'row' to ignore: the columns are id, y, name, x, kind");
        shell.refused(shell.train(wide, "--features", "x,kind"), "column 'kind' is the label");
        shell.refused(shell.train(wide, "--ignore", "kind"), "column 'kind' is the label");
        shell.refused(
                shell.train(wide, "--features", "x,y", "--ignore", "y"), "'y' is named by --features and by --ignore");
        shell.refused(shell.train(wide, "--features", "x,x"), "the feature column 'x' is named twice");
        shell.write("rows.libsvm", "0 1:1\n1 2:1\n");
        shell.refused(
                shell.train(shell.path("rows.libsvm"), "--features", "x"),
                "--features names columns, which libsvm files do not have");
    }

    @Test
    void aModelKnowsItsColumns() throws IOException {
        shell.trains(points);
        String[] evaluate = {"evaluate", "--model", shell.name("run"), "--data", wide.toString()};
        shell.succeed(evaluate);
        String text = shell.out();
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", wide.toString(), "--features", "y,x");
        assertThat(shell.out()).isEqualTo(text);
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", wide.toString(), "--ignore", "id");
        assertThat(shell.out()).isEqualTo(text);
        assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", wide.toString(), "--features", "id,x"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--features names id, x, but the model takes x, y");
        assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", wide.toString(), "--ignore", "x"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--ignore names column 'x', which the model takes");
    }

    @Test
    void aModelWithoutNamesTakesTheColumnsThatAreNamed() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String line : Files.readAllLines(points).subList(1, 61)) {
            String[] cells = line.split(",", -1);
            rows.append((cells[2].equals("a") ? "0" : "1") + " 1:" + cells[0] + " 2:" + cells[1] + "\n");
        }
        shell.write("points.libsvm", rows.toString());
        shell.trains(shell.path("points.libsvm"));
        String[] out = {"--out", shell.name("a.csv"), "--overwrite"};
        shell.succeed("predict", "--model", shell.name("run"), "--data", points.toString(), out[0], out[1], out[2]);
        String expected = Files.readString(shell.path("a.csv"));
        shell.succeed(
                "predict",
                "--model",
                shell.name("run"),
                "--data",
                wide.toString(),
                "--features",
                "x,y",
                out[0],
                out[1],
                out[2]);
        assertThat(Files.readString(shell.path("a.csv"))).isEqualTo(expected);
        parquet();
        for (String data : List.of("wide.csv", "wide.parquet")) {
            shell.succeed(
                    "predict",
                    "--model",
                    shell.name("run"),
                    "--data",
                    shell.name(data),
                    "--ignore",
                    "id,name,kind",
                    "--overwrite",
                    "--out",
                    shell.name("b.csv"));
            assertThat(Files.readAllLines(shell.path("b.csv"))).hasSize(61);
        }
    }

    @Test
    void theLabelOfRowsForAModelWithoutNamesIsTheLastColumn() throws IOException {
        shell.write("rows.libsvm", "0 1:-1 2:-1\n1 1:1 2:1\n0 1:-2 2:-1\n1 1:1 2:2\n");
        shell.trains(shell.path("rows.libsvm"));
        shell.write("more.csv", "id,a,b,target\nq,-1,-1,0\nr,1,1,1\n");
        shell.write("plain.csv", "a,b,target\n-1,-1,0\n1,1,1\n");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", shell.name("plain.csv"));
        assertThat(shell.out()).contains("rows: 2\n");
        toParquet("more");
        for (String[] choice : new String[][] {{"--features", "a,b"}, {"--ignore", "id"}}) {
            for (String data : List.of("more.csv", "more.parquet")) {
                shell.succeed(
                        "evaluate", "--model", shell.name("run"), "--data", shell.name(data), choice[0], choice[1]);
                assertThat(shell.out()).contains("rows: 2\n");
            }
        }
    }
}
