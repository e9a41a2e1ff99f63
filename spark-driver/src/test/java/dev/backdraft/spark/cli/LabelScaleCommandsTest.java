package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --label-scale} of train, and what evaluate, predict and inspect make of it. */
class LabelScaleCommandsTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path prices;
    private Path logarithms;

    @BeforeEach
    void writeData() throws IOException {
        shell = new Shell(directory);
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("x,y,price\n");
        StringBuilder logs = new StringBuilder("x,y,price\n");
        for (int i = 0; i < 120; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            double price = Math.exp(4 + x - 0.5 * y + 0.2 * random.nextGaussian());
            csv.append(x).append(',').append(y).append(',').append(price).append('\n');
            logs.append(x).append(',').append(y).append(',');
            logs.append(StrictMath.log(price)).append('\n');
        }
        prices = shell.write("prices.csv", csv.toString());
        logarithms = shell.write("logarithms.csv", logs.toString());
    }

    private String[] regression(Path data, String run, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--layers=2,4,1", "--standardize", "--out", shell.name(run)));
        arguments.addAll(List.of(more));
        return shell.train(data, arguments.toArray(String[]::new)).toArray(String[]::new);
    }

    private List<Double> predictions(String run) throws IOException {
        shell.succeed(
                "predict",
                "--model",
                shell.name(run),
                "--data",
                prices.toString(),
                "--out",
                shell.name(run + ".csv"),
                "--overwrite");
        return Files.readAllLines(shell.path(run + ".csv")).stream()
                .skip(1)
                .map(Double::valueOf)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job", "resident"})
    void theWeightsAreThoseOfAColumnOfLogarithmsAndPredictionsAreInTheUnitOfTheLabel(String route) throws IOException {
        shell.succeed(regression(prices, "scaled", "--label-scale", "log", "--aggregation", route));
        assertThat(shell.out()).contains("loss squared-error of the standardized logarithm of the label");
        shell.succeed(regression(logarithms, "plain"));
        assertThat(shell.hash("scaled")).isEqualTo(shell.hash("plain"));
        assertThat(shell.config("scaled").path("labelScale").textValue()).isEqualTo("log");

        List<Double> found = predictions("scaled");
        List<Double> expected = predictions("plain");
        for (int i = 0; i < found.size(); i++) {
            double price = Math.exp(expected.get(i));
            assertThat(found.get(i)).isCloseTo(price, within(1e-5 * price));
        }
    }

    @Test
    void evaluateAndInspectSayWhatIsMeasuredOnWhichScale() throws IOException {
        shell.succeed(regression(prices, "scaled", "--label-scale", "log"));
        List<Double> found = predictions("scaled");
        List<String> rows = Files.readAllLines(prices);
        double absolute = 0;
        for (int i = 0; i < found.size(); i++) {
            absolute +=
                    Math.abs(found.get(i) - Double.parseDouble(rows.get(i + 1).split(",", -1)[2])) / found.size();
        }
        shell.succeed("evaluate", "--model", shell.name("scaled"), "--data", prices.toString(), "--metrics", "mae");
        assertThat(shell.out())
                .contains(
                        "(squared-error of the standardized logarithm of the label; the metrics below are in the label's"
                                + " own unit)")
                .contains(String.format(java.util.Locale.ROOT, "mae: %.4g", absolute)
                        .substring(0, 9));
        shell.succeed("inspect", shell.name("scaled"));
        assertThat(shell.out())
                .contains("loss function: squared-error, of the standardized logarithm of the label")
                .contains("label scale: log\n");
    }

    @Test
    void aRunIsTheSameFromItsConfigurationAndAfterAResume() throws IOException {
        shell.succeed(regression(prices, "scaled", "--label-scale", "log1p", "--checkpoint-every", "1"));
        shell.succeed("train", "--config", shell.name("scaled/config.json"), "--out", shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(shell.hash("scaled"));
        shell.succeed(
                regression(prices, "resumed", "--label-scale", "log1p", "--checkpoint-every", "1", "--epochs", "2"));
        shell.succeed("train", "--resume", "--out", shell.name("resumed"), "--epochs", "5");
        assertThat(shell.hash("resumed")).isEqualTo(shell.hash("scaled"));
        assertThat(shell.run("train", "--resume", "--out", shell.name("resumed"), "--label-scale", "log"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("labelScale \"log1p\" instead of \"log\"");
    }

    private Path withBadPrices() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(prices));
        lines.add(40, "0.5,0.5,0");
        lines.add(90, "0.1,0.1,0");
        return shell.write("bad.csv", String.join("\n", lines) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job"})
    void badLabelsAreRefusedWithTheirNumberTheFirstAndWhatToDo(String route) throws IOException {
        Path bad = withBadPrices();
        shell.refused(
                List.of(regression(bad, "run", "--label-scale", "log", "--aggregation", route)),
                "2 of 122 rows have a label that is not on the label scale log, which takes labels of more than 0: the first is 0"
                        + " in ",
                "bad.csv line 41; correct or leave out such rows, or choose the label scale log1p",
                "add --invalid skip");
        shell.succeed(regression(bad, "other", "--label-scale", "log1p"));
    }

    /** Of a table, which is chosen without --layers, rows are not read a second time as if a gap had been found. */
    @Test
    void badLabelsOfATableAreRefusedAlike() throws IOException {
        shell.refused(
                List.of(
                        "train",
                        "--data",
                        withBadPrices().toString(),
                        "--label-scale",
                        "log",
                        "--out",
                        shell.name("run")),
                "2 of 122 rows have a label that is not on the label scale log");
    }

    @Test
    void badLabelsAreSkippedOnRequestInTrainAndEvaluateButPredictReadsNoLabels() throws IOException {
        Path bad = withBadPrices();
        String skipped = "2 rows skipped: 2 with a label that the label scale does not take";
        shell.succeed(regression(prices, "good", "--label-scale", "log"));
        for (String route : List.of("local", "job")) {
            shell.succeed(regression(
                    bad,
                    route,
                    "--label-scale",
                    "log",
                    "--invalid",
                    "skip",
                    "--aggregation",
                    route,
                    "--test",
                    bad.toString()));
            assertThat(shell.out()).contains(skipped).contains("test: 120 rows");
            assertThat(shell.hash(route)).isEqualTo(shell.hash("good"));
        }
        assertThat(shell.run("evaluate", "--model", shell.name("good"), "--data", bad.toString()))
                .isEqualTo(2);
        assertThat(shell.err()).contains("label 0 in ", "bad.csv line 41 is not on the label scale log");
        shell.succeed("evaluate", "--model", shell.name("good"), "--data", bad.toString(), "--invalid", "skip");
        assertThat(shell.out()).startsWith(skipped + "\nrows: 120\n");
        shell.succeed(
                "predict", "--model", shell.name("good"), "--data", bad.toString(), "--out", shell.name("all.csv"));
        assertThat(Files.readAllLines(shell.path("all.csv"))).hasSize(123);
    }

    @ParameterizedTest
    @CsvSource({
        "poisson, 1, which takes amounts as they are",
        "gamma, 1, which takes amounts as they are",
        "tweedie, 1, which takes amounts as they are",
        "normal, 2, which predicts a deviation",
        "softmax-cross-entropy, 2, which classifies",
        "sigmoid-cross-entropy, 1, which classifies"
    })
    void lossesOfAnotherKindAreRefusedBeforeAnyRowIsRead(String loss, int outputs, String why) {
        shell.refused(
                shell.train(prices, "--layers=2,4," + outputs, "--label-scale", "log", "--loss", loss),
                "labelScale log is for a regression by a loss such as squared-error",
                "not for " + loss + ", " + why);
        shell.refused(
                List.of(
                        "train",
                        "--data",
                        prices.toString(),
                        "--label-scale",
                        "log",
                        "--loss",
                        loss,
                        "--out",
                        shell.name("run")),
                "not for " + loss + ", " + why);
    }

    @Test
    void anUnknownScaleIsRefusedWithThoseThatThereAre() {
        shell.refused(
                shell.train(prices, "--layers=2,4,1", "--label-scale", "log10"),
                "--label-scale: labelScale is \"log10\", but must be linear or log or log1p");
    }
}
