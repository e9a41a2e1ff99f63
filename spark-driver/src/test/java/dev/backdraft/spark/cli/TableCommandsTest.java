package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import dev.backdraft.explain.IntegratedGradients;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with text, gaps and dates on the command line. */
@Tag("slow")
class TableCommandsTest {
    private static final String ON_SPARK = "spark.ui.enabled"; // asks for what only Spark shows

    @TempDir
    private Path directory;

    private Shell shell;
    private Path table;

    @BeforeEach
    void writeTable() throws IOException {
        shell = new Shell(directory);
        StringBuilder csv = new StringBuilder("age,city,since,zip,left\n");
        for (int i = 0; i < 240; i++) {
            String age = i % 7 == 0 ? "" : Integer.toString(20 + i % 50);
            csv.append(age)
                    .append(",city ")
                    .append(i % 12)
                    .append(",2025-0")
                    .append(1 + i % 9)
                    .append("-15,")
                    .append(3000 + i % 3)
                    .append(i % 12 < 6 ? ",yes\n" : ",no\n");
        }
        table = shell.write("table.csv", csv.toString());
    }

    private void train(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train", "--data", table.toString(), "--out", shell.name("run"), "--epochs", "2", "--overwrite"));
        arguments.addAll(List.of(more));
        shell.succeed(arguments.toArray(String[]::new));
    }

    @Test
    void aTableIsTrainedEvaluatedAndPredictedAsItIs() throws IOException {
        train();
        assertThat(shell.out())
                .contains("4 columns encoded as ")
                .contains("number, gaps become ")
                .contains("category, a code for each of 12")
                .contains("since  date")
                .contains("networks that share weights");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", table.toString());
        assertThat(shell.out()).contains("rows: 240");
        shell.succeed(
                "predict", "--model", shell.name("run"), "--data", table.toString(), "--out", shell.name("out.csv"));
        assertThat(Files.readAllLines(shell.path("out.csv"))).hasSize(241);
    }

    /** With --invalid skip, text would no longer be encoded, so that the advice to add it would lead nowhere. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "job"})
    void rowsOfATableWithoutALabelAreCountedAndNotToBeSkipped(String route) throws IOException {
        Path gaps = shell.write("gaps.csv", Files.readString(table).replaceAll("city 3(,[^\n]*),yes\n", "city 3$1,\n"));
        assertThat(shell.run(
                        "train",
                        "--data",
                        gaps.toString(),
                        "--out",
                        shell.name("run"),
                        "--aggregation=" + route,
                        "--master=local[2]"))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("gaps.csv line 5, column 'left' is empty: fill it in or remove the row (20 such rows: 20"
                        + " with an empty cell)")
                .doesNotContain("--invalid");
    }

    /** The columns of the estimators' embeddingCol, on both routes. */
    @Test
    void theOutputsOfAHiddenLayerFollowThePredictions() throws IOException {
        train("--hidden=5", "--preset=none", "--activation=tanh");
        List<String> predict =
                List.of("predict", "--model", shell.name("run"), "--data", table.toString(), "--overwrite");
        Model model = ModelFile.read(shell.path("run").resolve("model.backdraft"));
        String[][] options = {{"--embedding"}, {"--embedding=0"}, {"--contributions", "--embedding"}};
        for (String[] option : options) {
            List<String> local = with(with(predict, option), "--out", shell.name("here.csv"));
            shell.succeed(local.toArray(String[]::new));
            int layer = option[0].equals("--embedding=0") ? 0 : Model.LAST_HIDDEN;
            float[] expected = model.embed(Cells.of("21", "city 1", "2025-02-15", "3001"), layer);
            List<String> lines = Files.readAllLines(shell.path("here.csv"));
            List<String> names = List.of(lines.get(0).split(",", -1));
            int first = names.indexOf("embedding_0");
            assertThat(first).isEqualTo(option.length == 1 ? 3 : 3 + 4);
            assertThat(names).hasSize(first + expected.length).endsWith("embedding_" + (expected.length - 1));
            String[] second = lines.get(2).split(",", -1);
            for (int i = 0; i < expected.length; i++) {
                assertThat(second[first + i]).isEqualTo(Float.toString(expected[i]));
            }
        }
        System.setProperty(ON_SPARK, "true");
        try {
            List<String> spark = with(
                    with(predict, "--contributions", "--embedding"),
                    "--out",
                    shell.name("there.csv"),
                    "--master",
                    "local[2]");
            shell.succeed(spark.toArray(String[]::new));
        } finally {
            System.clearProperty(ON_SPARK);
        }
        assertThat(shell.path("there.csv")).hasSameTextualContentAs(shell.path("here.csv"));

        assertThat(shell.run(with(with(predict, "--embedding=99"), "--out", shell.name("no.csv"))
                        .toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--embedding: ").contains("99");
        assertThat(shell.path("no.csv")).doesNotExist();
    }

    @Test
    void contributionsFollowThePredictionsAndAreTheSameOnACluster() throws IOException {
        train("--hidden=4");
        List<String> all = Files.readAllLines(table);
        Path few = shell.write("few.csv", String.join("\n", all.subList(0, 11)) + "\n");
        List<String> predict = List.of(
                "predict", "--model", shell.name("run"), "--data", few.toString(), "--contributions", "--overwrite");
        shell.succeed(with(predict, "--out", shell.name("here.csv")).toArray(String[]::new));
        System.setProperty(ON_SPARK, "true");
        try {
            shell.succeed(with(predict, "--out", shell.name("there.csv"), "--master", "local[2]")
                    .toArray(String[]::new));
        } finally {
            System.clearProperty(ON_SPARK);
        }

        List<String> lines = Files.readAllLines(shell.path("here.csv"));
        assertThat(lines.get(0))
                .isEqualTo("prediction,probability_no,probability_yes,contribution_age,contribution_city,"
                        + "contribution_since,contribution_zip");
        Model model = ModelFile.read(shell.path("run").resolve("model.backdraft"));
        List<Double> expected = new IntegratedGradients(model)
                .of(Example.raw(Cells.of("21", "city 1", "2025-02-15", "3001"), 0))
                .values();
        String[] second = lines.get(2).split(",", -1);
        for (int column = 0; column < 4; column++) {
            assertThat(second[3 + column])
                    .isEqualTo(Float.toString(expected.get(column).floatValue()));
        }
        assertThat(shell.path("there.csv")).hasSameTextualContentAs(shell.path("here.csv"));
    }

    @Test
    void contributionsToSeveralValuesAreRefused() throws IOException {
        Path numbers = shell.write("numbers.csv", "x,y\n1,2\n2,3\n3,5\n4,4\n");
        shell.succeed(
                "train",
                "--data",
                numbers.toString(),
                "--loss=pinball:levels=0.1;0.9",
                "--epochs=1",
                "--hidden=2",
                "--out",
                shell.name("quantiles"));
        shell.refused(
                List.of(
                        "predict",
                        "--model",
                        shell.name("quantiles"),
                        "--data",
                        numbers.toString(),
                        "--contributions",
                        "--out",
                        shell.name("out.csv")),
                "--contributions: ",
                "2 values for a row");
    }

    @Test
    void everyRouteGivesTheSameBits() throws IOException {
        train("--aggregation=local");
        String expected = shell.hash("run");
        train("--aggregation=job", "--master=local[2]");

        assertThat(shell.hash("run")).isEqualTo(expected);
    }

    @Test
    void aTableIsResumedAndTrainedAgainFromItsConfiguration() throws IOException {
        List<String> arguments =
                List.of("train", "--data", table.toString(), "--out", shell.name("run"), "--overwrite");
        shell.succeed(with(arguments, "--epochs=3").toArray(String[]::new));
        String expected = shell.hash("run");
        shell.succeed(
                "train",
                "--config",
                shell.name("run/config.json"),
                "--out",
                shell.name("again"),
                "--checkpoint-every=1");
        assertThat(shell.hash("again")).isEqualTo(expected);
        shell.succeed(with(arguments, "--epochs=2", "--checkpoint-every=1").toArray(String[]::new));
        shell.succeed("train", "--resume", "--out", shell.name("run"), "--epochs=3");
        assertThat(shell.hash("run")).isEqualTo(expected);
        assertThat(Files.readString(shell.path("run/config.json")))
                .contains("\"kinds\" : \"age=number,city=category,since=date,zip=number\"");
    }

    /** On one machine, on Spark, when the training is resumed, and from the configuration of a run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "scaling=quantile-normal,missing=mean,minFrequency=30",
                "scaling=standard,missing=constant,clip=0"
            })
    void theEncodingIsTheSameOnEveryRouteAndAfterAResume(String encoding) throws IOException {
        train();
        String usual = shell.hash("run");
        train("--encoding", encoding, "--aggregation=job", "--master=local[2]");
        String expected = shell.hash("run");
        assertThat(expected).isNotEqualTo(usual);
        train("--encoding", encoding);
        assertThat(shell.hash("run")).isEqualTo(expected);
        assertThat(Files.readString(shell.path("run/config.json"))).contains("\"encoding\" : {");
        shell.succeed("train", "--config", shell.name("run/config.json"), "--out", shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(expected);
        shell.succeed(
                "train",
                "--data",
                table.toString(),
                "--encoding",
                encoding,
                "--out",
                shell.name("run"),
                "--epochs=1",
                "--checkpoint-every=1",
                "--overwrite");
        shell.succeed("train", "--resume", "--out", shell.name("run"), "--epochs=2");
        assertThat(shell.hash("run")).isEqualTo(expected);
    }

    @Test
    void anEstimatorWithTheSameEncodingGivesTheSameWeights() throws IOException {
        StringBuilder csv = new StringBuilder("age,city,member\n");
        for (int i = 0; i < 300; i++) {
            csv.append(i % 7 == 0 ? "" : Integer.toString(i * i % 91))
                    .append(",city ")
                    .append(i % 12)
                    .append(",")
                    .append(i % 12 / 4)
                    .append("\n");
        }
        Path file = shell.write("members.csv", csv.toString());
        String encoding = "scaling=quantile-uniform,missing=mean,minFrequency=25";
        shell.succeed(
                "train",
                "--data",
                file.toString(),
                "--encoding=" + encoding,
                "--epochs=2",
                "--seed=3",
                "--out",
                shell.name("run"));
        String weights;
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            Dataset<Row> rows = spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(file.toString());
            weights = new NeuralNetworkClassifier()
                    .setFeaturesCols("age", "city")
                    .setLabelCol("member")
                    .setColumnEncoding(encoding)
                    .setMaxIter(2)
                    .setSeed(3)
                    .fit(rows)
                    .model()
                    .weightsSha256();
        }

        assertThat(weights).isEqualTo(shell.hash("run"));
    }

    /** A list of numbers in a Parquet file is a column for each of them, wherever the file is read. */
    @Test
    void listsOfParquetAreTheColumnsOfTheirNumbers() throws IOException {
        StringBuilder csv = new StringBuilder("city,place[0],place[1],left\n");
        for (int i = 0; i < 300; i++) {
            String place = i % 7 == 0 ? "," : i * i % 91 + "," + i % 9;
            csv.append("city ").append(i % 12).append(",").append(place).append(i % 12 < 6 ? ",yes\n" : ",no\n");
        }
        Path numbers = shell.write("numbers.csv", csv.toString());
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(numbers.toString())
                    .selectExpr("city", "IF(`place[0]` IS NULL, NULL, array(`place[0]`, `place[1]`)) AS place", "left")
                    .write()
                    .parquet(shell.name("lists.parquet"));
        }
        String expected = trained(numbers);
        assertThat(trained(shell.path("lists.parquet"))).isEqualTo(expected);
        for (Path data : List.of(numbers, shell.path("lists.parquet"))) {
            String out = shell.name(data.getFileName() + ".out.csv");
            shell.succeed("predict", "--model", shell.name("run"), "--data", data.toString(), "--out", out);
            shell.succeed("evaluate", "--model", shell.name("run"), "--data", data.toString());
            assertThat(shell.out()).contains("rows: 300");
        }
        assertThat(shell.path("lists.parquet.out.csv")).hasSameTextualContentAs(shell.path("numbers.csv.out.csv"));
    }

    private String trained(Path data) throws IOException {
        shell.succeed(
                "train",
                "--data",
                data.toString(),
                "--out",
                shell.name("run"),
                "--epochs=2",
                "--seed=3",
                "--overwrite");
        return shell.hash("run");
    }

    /** Columns of numbers are encoded, too, however few rows there are. */
    @Test
    void anEncodingMakesATableOfNumbers() throws IOException {
        Path numbers = shell.write("numbers.csv", "a,b\n1,2\n2,1\n3,2\n4,1\n");
        shell.succeed(
                "train",
                "--data",
                numbers.toString(),
                "--encoding=scaling=quantile-uniform",
                "--epochs=1",
                "--out",
                shell.name("numbers"));
        assertThat(shell.out()).contains("number, by its rank");
    }

    @Test
    void everyRouteFindsTheSameTemperature() throws IOException {
        train("--aggregation=local", "--validation=0.3", "--calibration=temperature");
        assertThat(shell.out())
                .contains("calibration: temperature, found on the validation rows after the last epoch")
                .contains("calibrated: logits are divided by the temperature ");
        String expected = shell.hash("run");
        for (String aggregation : List.of("job", "resident")) {
            train("--aggregation=" + aggregation, "--master=local[2]", "--validation=0.3", "--calibration=temperature");
            assertThat(shell.hash("run")).isEqualTo(expected);
        }
        shell.succeed("inspect", "--model", shell.name("run"));
        assertThat(shell.out()).contains("temperature").contains("logLossAfterCalibration");
    }

    @Test
    void calibrationWithoutValidationRowsIsRefused() {
        shell.refused(
                List.of(
                        "train",
                        "--data",
                        table.toString(),
                        "--out",
                        shell.name("run"),
                        "--validation=none",
                        "--calibration=temperature"),
                "calibration needs validation rows");
    }

    @Test
    void kindsAndPresetsCanBeSaid() {
        train("--kinds=zip=category", "--preset=none", "--hidden=4");
        assertThat(shell.out())
                .contains("category, a flag for each of 3 (3000, 3001, 3002)")
                .doesNotContain("networks that share weights");
    }

    /** Columns of numbers too, if there are enough rows, and nothing describes a plain network. */
    @Test
    void numbersAreATableUnlessAPlainNetworkIsWanted() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,left\n");
        for (int i = 0; i < 1000; i++) {
            csv.append(i % 17).append(',').append(i % 5).append(i % 17 < 8 ? ",yes\n" : ",no\n");
        }
        Path numbers = shell.write("numbers.csv", csv.toString());
        List<String> arguments =
                List.of("train", "--data", numbers.toString(), "--out", shell.name("n"), "--epochs=1", "--overwrite");
        shell.succeed(arguments.toArray(String[]::new));
        assertThat(shell.out()).contains("2 columns encoded as 2 features", "networks that share weights");
        for (String plain :
                List.of("--hidden=4", "--layers=2,4,1", "--preset=none", "--standardize", "--invalid=error")) {
            shell.succeed(with(arguments, plain).toArray(String[]::new));
            assertThat(shell.out()).as(plain).doesNotContain("encoded").doesNotContain("share weights");
        }
        shell.succeed(with(arguments, "--hidden=4", "--preset=tabular").toArray(String[]::new));
        assertThat(shell.out()).contains("2 columns encoded as 2 features", "networks that share weights");
        Path few = shell.write("few.csv", csv.substring(0, csv.lastIndexOf("\n", csv.length() - 2) + 1));
        shell.succeed("train", "--data", few.toString(), "--out", shell.name("n"), "--epochs=1", "--overwrite");
        assertThat(shell.out()).doesNotContain("encoded");
    }

    /** On one machine and on Spark: rows with a cell that cannot be encoded are named, or skipped and counted. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "local[2]"})
    void rowsThatCannotBeEncodedAreNamedOrSkipped(String master) throws IOException {
        shell.succeed("train", "--data", table.toString(), "--out", shell.name("model"), "--epochs", "2");
        Path bad = shell.write(
                "bad.csv",
                Files.readString(table) + "inf,city 1,2025-01-15,3000,yes\n1e999,city 1,2025-01-15,3000,no\n"
                        + "30,city 1,2025-01-15,3000,\n"); // without a label, which predict does not read
        for (String command : List.of("evaluate", "predict")) {
            List<String> arguments =
                    List.of(command, "--model", shell.name("model"), "--data", bad.toString(), "--master=" + master);
            List<String> all = command.equals("predict") ? with(arguments, "--out", shell.name("p.csv")) : arguments;
            shell.refused(all, "bad.csv line 242: column 'age': 'inf' is not a finite number", "--invalid skip");
            shell.succeed(with(all, "--invalid=skip").toArray(String[]::new));
            String skipped =
                    command.equals("predict") ? "2 rows skipped: 2 with an inf" : "3 rows skipped: 1 with an empty";
            assertThat(shell.out() + shell.err()).contains(skipped);
        }
        assertThat(Files.readAllLines(shell.path("p.csv"))).hasSize(242);
    }

    /**
     * A number that no float holds does not make a table, and is no problem in one: whichever the reader meets first.
     */
    @Test
    void whetherRowsAreATableDoesNotDependOnTheirOrder() throws IOException {
        Path numbers = shell.write("numbers.csv", "a,b\n1,2\n1e60,1\n3,2\n4,1\n");
        shell.refused(
                List.of("train", "--data", numbers.toString(), "--out", shell.name("numbers")),
                "numbers.csv line 3",
                "'1e60'");
        Set<String> hashes = new HashSet<>();
        List<String> gapFirst = List.of("a,b", ",2", "1e60,1", "3,2", "4,1", "5,2", "6,1", "7,2", "8,1", "9,2", "10,1");
        List<String> largeFirst = new ArrayList<>(gapFirst);
        Collections.swap(largeFirst, 1, 2);
        for (List<String> lines : List.of(gapFirst, largeFirst)) {
            Path rows = shell.write("rows.csv", String.join("\n", lines) + "\n");
            shell.succeed(
                    "train", "--data", rows.toString(), "--out", shell.name("run"), "--epochs", "2", "--overwrite");
            hashes.add(shell.hash("run"));
        }
        assertThat(hashes).hasSize(1);
    }

    @Test
    void testRowsWithGapsThatTrainingRowsDoNotHaveAreRefusedWithARemedy() throws IOException {
        Path numbers = shell.write("numbers.csv", "a,b\n1,2\n2,1\n3,2\n4,1\n");
        Path gaps = shell.write("gaps.csv", "a,b\n1,2\n,1\n");
        List<String> arguments = List.of(
                "train", "--data", numbers.toString(), "--test", gaps.toString(), "--out", shell.name("numbers"));
        shell.refused(arguments, "gaps.csv line 3", "or add --kinds a=number");
        shell.succeed(with(arguments, "--kinds=a=number", "--epochs=2").toArray(String[]::new));
    }

    @Test
    void mistakesAreRefusedClearly() {
        List<String> arguments = List.of("train", "--data", table.toString(), "--out", shell.name("run"));
        shell.refused(with(arguments, "--kinds=zap=category"), "the kind of column 'zap' is given", "age, city");
        shell.refused(with(arguments, "--kinds=zip=text"), "'zip=text' is not the kind of a column");
        shell.refused(with(arguments, "--kinds=city=number"), "column 'city': 240 of 240 cells are not numbers");
        shell.refused(
                with(arguments, "--kinds=zip=category", "--layers=4,2"),
                "encoded as 18 features, but the network takes 4",
                "--layers",
                "--kinds");
        shell.refused(with(arguments, "--kinds=zip=category", "--invalid=skip"), "does not go with --invalid");
        shell.refused(with(arguments, "--invalid=error"), "table.csv");
        shell.refused(
                with(arguments, "--encoding=scaling=log"), "--encoding", "scaling is \"log\"", "quantile-uniform");
        shell.refused(with(arguments, "--encoding=minFrequency=0"), "--encoding", "minFrequency", "0");
        shell.refused(with(arguments, "--encoding=constant=1"), "--encoding", "add missing=constant");
        shell.refused(
                with(arguments, "--encoding=clip=0", "--invalid=skip"), "--encoding", "does not go with --invalid");
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }
}
