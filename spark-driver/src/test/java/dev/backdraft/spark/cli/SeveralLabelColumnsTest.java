package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels in columns of their own: {@code --label a,b,c}, from training to predictions. */
@Tag("slow")
class SeveralLabelColumnsTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private String[] train(Path data, String labels, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("train", "--data", data.toString(), "--label", labels, "--epochs", "30", "--batch-size", "10"));
        arguments.addAll(List.of("--learning-rate", "0.05", "--overwrite"));
        arguments.addAll(List.of("--out", directory.resolve("run").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(new String[0]);
    }

    private List<String> predictions(Path data) throws IOException {
        String model = directory.resolve("run").resolve("model.backdraft").toString();
        String file = directory.resolve("predictions.csv").toString();
        assertThat(run("evaluate", "--model", model, "--data", data.toString()))
                .as(err.toString())
                .isZero();
        assertThat(run("predict", "--model", model, "--data", data.toString(), "--overwrite", "--out", file))
                .as(err.toString())
                .isZero();
        return Files.readAllLines(Path.of(file));
    }

    /** Two values, x + y and x − y; two answers; and shares of two classes. */
    private Path rows() throws IOException {
        StringBuilder csv = new StringBuilder("sum,x,y,difference,positive,greater,no,yes\n");
        for (int i = 0; i < 60; i++) {
            double x = (i * 7 % 20 - 10) / 10.0;
            double y = (i * 3 % 20 - 9.5) / 10.0;
            csv.append(x + y).append(',').append(x).append(',').append(y).append(',');
            csv.append(x - y).append(',').append(x + y > 0 ? 1 : 0).append(',');
            csv.append(x > y ? 1 : 0).append(x > 0 ? ",0.1,0.9\n" : ",0.75,0.25\n");
        }
        return write("rows.csv", csv.toString());
    }

    private Path rows(String... columns) throws IOException {
        List<String> lines = Files.readAllLines(rows());
        List<String> header = List.of(lines.get(0).split(","));
        StringBuilder csv = new StringBuilder();
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            List<String> chosen = new ArrayList<>();
            for (String column : columns) {
                chosen.add(cells[header.indexOf(column)]);
            }
            csv.append(String.join(",", chosen)).append('\n');
        }
        return write("chosen.csv", csv.toString());
    }

    @Test
    void valuesArePredictedUnderTheirNames() throws IOException {
        Path data = rows("sum", "x", "y", "difference");
        assertThat(run(train(data, "sum,difference", "--layers", "2,2", "--standardize", "--validation", "0.2")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).doesNotContain("accuracy");
        List<String> lines = predictions(data);
        assertThat(lines.get(0)).isEqualTo("prediction_sum,prediction_difference");
        assertThat(out.toString()).contains("rmse: 0.0");
        assertThat(run("evaluate", "--model", model(), "--data", data.toString(), "--metrics", "mean-bias-error"))
                .isZero();
        assertThat(out.toString()).contains("mean-bias-error: ");
    }

    private String model() {
        return directory.resolve("run").resolve("model.backdraft").toString();
    }

    @Test
    void questionsAreAnsweredEach() throws IOException {
        Path data = rows("x", "y", "positive", "greater");
        assertThat(run(train(data, "positive,greater", "--layers", "2,2")))
                .as(err.toString())
                .isZero();
        assertThat(predictions(data).get(0)).isEqualTo("prediction_positive,prediction_greater");
        assertThat(out.toString()).contains("(sigmoid-cross-entropy)").containsPattern("accuracy: (0\\.9|1\\.0)");
    }

    @Test
    void sharesOfClassesAreADistribution() throws IOException {
        Path data = rows("no", "x", "y", "yes");
        for (String loss : List.of("softmax-cross-entropy", "softmax-kl-divergence")) {
            assertThat(run(train(data, "no,yes", "--layers", "2,2", "--loss", loss)))
                    .as(err.toString())
                    .isZero();
            List<String> lines = predictions(data);
            assertThat(lines.get(0)).isEqualTo("prediction,probability_no,probability_yes");
            assertThat(lines.get(1)).startsWith("no,0.");
        }
    }

    @Test
    void parquetColumnsGiveTheBitsOfCsv() throws IOException {
        Path data = rows("x", "y", "sum", "difference");
        assertThat(run(train(data, "sum,difference", "--layers", "2,2"))).isZero();
        String hash = hash();
        String parquet = directory.resolve("rows.parquet").toString();
        try (SparkSession spark = Sessions.start("local[2]")) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(data.toString())
                    .write()
                    .parquet(parquet);
        }
        for (String aggregation : List.of("local", "job")) {
            String[] arguments = train(
                    Path.of(parquet),
                    "sum,difference",
                    "--layers",
                    "2,2",
                    "--master",
                    "local[2]",
                    "--aggregation",
                    aggregation);
            assertThat(run(arguments)).as(err.toString()).isZero();
            assertThat(hash()).as(aggregation).isEqualTo(hash);
        }
        assertThat(predictions(Path.of(parquet)).get(0)).isEqualTo("prediction_sum,prediction_difference");
        String[] job = train(data, "sum,difference", "--layers", "2,2", "--aggregation", "job");
        assertThat(run(job)).as(err.toString()).isZero();
        assertThat(hash()).isEqualTo(hash);
    }

    private String hash() {
        List<String> hashes = out.toString()
                .lines()
                .filter(line -> line.contains("weights-sha256"))
                .toList();
        return hashes.get(hashes.size() - 1);
    }

    private void assertRefused(String message, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    }

    @Test
    void columnsThatDoNotFitAreNamed() throws IOException {
        Path data = rows("x", "y", "sum", "difference");
        assertRefused("no label column 'product'", train(data, "sum,product", "--layers", "2,2"));
        assertRefused("the label column 'sum' is named twice", train(data, "sum,sum", "--layers", "2,2"));
        assertRefused(
                "the rows have 2 labels, but the network has 1 output",
                train(data, "sum,difference", "--layers", "2,1"));
        assertRefused("name 3 label columns", train(data, "sum", "--layers", "3,3", "--loss", "sigmoid-cross-entropy"));
        Path text = write("text.csv", "x,y,a,b\n1,2,3,4\n1,2,three,4\n");
        assertRefused("text.csv line 3, column 'a': 'three'", train(text, "a,b", "--layers", "2,2"));
        assertThat(run(train(data, "sum,difference", "--layers", "2,2"))).isZero();
        Path one = rows("x", "y", "sum");
        assertRefused("no label column 'difference'", "evaluate", "--model", model(), "--data", one.toString());
        Path comma = write("comma.csv", "x,\"a,b\"\n1,2\n2,1\n3,5\n");
        assertThat(run(train(comma, "a,b", "--layers", "1,1")))
                .as("a column of that name")
                .isZero();
    }
}
