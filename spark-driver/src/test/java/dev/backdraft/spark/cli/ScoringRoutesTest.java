package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} and {@code predict} print and write the same in this JVM and on Spark, whatever the number of cores. */
@Tag("slow")
class ScoringRoutesTest {
    private static final String ON_SPARK = "spark.ui.enabled"; // asks for what only Spark shows

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void train() throws IOException {
        shell = new Shell(directory);
        Files.createDirectories(shell.path("parts"));
        Random random = new Random(5);
        for (int part = 0; part < 3; part++) {
            StringBuilder csv = new StringBuilder("id,x,y,kind\n");
            for (int i = 0; i < 700 * part + 40; i++) {
                double x = random.nextGaussian();
                double y = random.nextGaussian();
                csv.append(String.format(
                        Locale.ROOT,
                        "%s,%.6f,%.6f,%s%n",
                        i == 7 ? "\"a,b\"" : "row " + i,
                        x,
                        y,
                        x + 0.3 * random.nextGaussian() > y ? "yes" : "no"));
            }
            shell.write("parts/part-" + part + ".csv", csv.toString());
        }
        shell.trains(shell.path("parts"), "--format", "csv", "--ignore", "id", "--epochs", "2");
    }

    @AfterEach
    void clear() {
        System.clearProperty(ON_SPARK);
    }

    private String evaluate(String data, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("evaluate", "--model", shell.name("run"), "--data", shell.name(data)));
        arguments.addAll(List.of(more));
        shell.succeed(arguments.toArray(new String[0]));
        return shell.out();
    }

    private String predict(String data, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                "--model",
                shell.name("run"),
                "--data",
                shell.name(data),
                "--keep",
                "id,kind",
                "--overwrite",
                "--out",
                shell.name("predictions.csv")));
        arguments.addAll(List.of(more));
        shell.succeed(arguments.toArray(new String[0]));
        return Files.readString(shell.path("predictions.csv"));
    }

    @Test
    void filesGiveTheSameTextOnSpark() throws IOException {
        String evaluation = evaluate("parts", "--format", "csv");
        String predictions = predict("parts", "--format", "csv");
        assertThat(evaluation).startsWith("rows: 2,220\n").contains("roc-auc");
        assertThat(predictions)
                .startsWith("id,kind,prediction,probability_no,probability_yes\nrow 0,")
                .contains("\n\"a,b\",");
        System.setProperty(ON_SPARK, "true");
        for (String master : List.of("local[1]", "local[3]")) {
            assertThat(evaluate("parts", "--format", "csv", "--master", master)).isEqualTo(evaluation);
            assertThat(predict("parts", "--format", "csv", "--master", master)).isEqualTo(predictions);
            assertThat(shell.out()).contains("2,220 predictions");
        }
    }

    @Test
    void parquetGivesTheSameTextOnAnyNumberOfCores() throws IOException {
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.read()
                    .option("header", "true")
                    .option("inferSchema", "true")
                    .csv(shell.name("parts"))
                    .repartition(3)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(shell.name("rows.parquet"));
        }
        String evaluation = evaluate("rows.parquet", "--master", "local[1]");
        String predictions = predict("rows.parquet", "--master", "local[1]");
        assertThat(predictions).startsWith("id,kind,prediction").contains("\n\"a,b\",");
        assertThat(predictions.lines()).hasSize(2221);
        assertThat(evaluate("rows.parquet", "--master", "local[4]")).isEqualTo(evaluation);
        System.setProperty(ON_SPARK, "true");
        assertThat(predict("rows.parquet", "--master", "local[3]")).isEqualTo(predictions);
        assertThat(evaluation
                        .lines()
                        .filter(line -> line.startsWith("accuracy"))
                        .toList())
                .as("the rows are those of the files")
                .isEqualTo(evaluate("parts", "--format", "csv", "--master", "local[1]")
                        .lines()
                        .filter(line -> line.startsWith("accuracy"))
                        .toList());
    }

    @Test
    void aBadRowIsRefusedBeforeAnythingIsWritten() throws IOException {
        shell.write("bad.csv", "id,x,y,kind\na,1,2,yes\nb,1,oops,no\n");
        for (String watched : List.of("false", "true")) {
            System.setProperty(ON_SPARK, watched);
            assertThat(shell.run(
                            "predict",
                            "--model",
                            shell.name("run"),
                            "--data",
                            shell.name("bad.csv"),
                            "--out",
                            shell.name("none.csv")))
                    .isEqualTo(2);
            assertThat(shell.err()).contains("bad.csv line 3", "'oops'").doesNotContain("\tat ");
            assertThat(shell.path("none.csv")).doesNotExist();
            assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", shell.name("bad.csv")))
                    .isEqualTo(2);
            assertThat(shell.err()).contains("bad.csv line 3", "'oops'").doesNotContain("\tat ");
        }
    }

    @Test
    void evaluateSaysWhenTheModelWasTrainedOnTheseRows() throws IOException {
        assertThat(evaluate("parts", "--format", "csv")).contains("note: the model was trained on ");
        shell.write("other.csv", "id,x,y,kind\na,1,2,yes\nb,3,1,no\n");
        assertThat(evaluate("other.csv")).doesNotContain("note:");
    }

    @Test
    void keptColumnsMustExistAndHaveNamesOfTheirOwn() throws IOException {
        shell.write("clash.csv", "prediction,x,y\n1,2,3\n");
        String[] arguments = {
            "predict", "--model", shell.name("run"), "--data", shell.name("clash.csv"), "--out", shell.name("o.csv")
        };
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--keep", "prediction"));
        assertThat(shell.run(all.toArray(new String[0]))).isEqualTo(2);
        assertThat(shell.err()).contains("--keep: 'prediction' is also the name");
        all.set(all.size() - 1, "id");
        assertThat(shell.run(all.toArray(new String[0]))).isEqualTo(2);
        assertThat(shell.err()).contains("no column 'id' to keep: the columns are prediction, x, y");
    }
}
