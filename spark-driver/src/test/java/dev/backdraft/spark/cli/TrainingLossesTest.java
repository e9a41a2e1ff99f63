package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses for tables, and schedules, as a user names them. */
@Tag("slow")
class TrainingLossesTest {
    @TempDir
    Path directory;

    private Shell shell;

    @BeforeEach
    void writeRows() throws IOException {
        shell = new Shell(directory);
        Random random = new Random(4);
        StringBuilder text = new StringBuilder("x,y,amount,class,answer\n");
        for (int i = 0; i < 400; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            double amount = 50 * Math.exp(x + 0.2 * random.nextGaussian());
            String kind = x > 0.5 ? "high" : y > 0 ? "middle" : "low";
            text.append(String.format(Locale.ROOT, "%.4f,%.4f,%.4f,%s,%d%n", x, y, amount, kind, x + y > 0.5 ? 1 : 0));
        }
        Files.writeString(directory.resolve("rows.csv"), text);
    }

    private String[] train(String label, String loss, String... more) {
        String others = List.of("amount", "class", "answer").stream()
                .filter(name -> !name.equals(label))
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        List<String> all = new ArrayList<>(List.of(
                "train",
                "--data",
                directory.resolve("rows.csv").toString(),
                "--label",
                label,
                "--ignore",
                others,
                "--loss",
                loss,
                "--epochs",
                "10",
                "--batch-size",
                "32",
                "--validation",
                "0.25",
                "--out",
                directory.resolve("run").toString(),
                "--overwrite"));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private String hash() {
        return shell.out()
                .lines()
                .filter(line -> line.startsWith("weights-sha256"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "class, softmax-cross-entropy:labelSmoothing=0.1",
        "answer, sigmoid-cross-entropy:labelSmoothing=0.1",
        "class, softmax-focal:gamma=1.5",
        "answer, 'sigmoid-focal:gamma=2,alpha=0.75'",
        "amount, gamma",
        "amount, tweedie:power=1.3",
        "amount, pinball:levels=0.1;0.5;0.9",
        "amount, normal",
    })
    void everyLossIsTrainedWithTheSameBitsByThreadsAndByJobs(String label, String loss) {
        shell.succeed(train(label, loss));
        String hash = hash();
        assertThat(shell.out()).contains(loss.replaceAll(":.*", ""));
        shell.succeed(train(label, loss, "--master", "local[2]", "--aggregation", "job"));
        assertThat(hash()).isEqualTo(hash);
    }

    @Test
    void quantilesAreNamedAndMeasured() throws IOException {
        shell.succeed(train("amount", "pinball:levels=0.05;0.5;0.95", "--metrics", "pinball-loss,coverage-error,mae"));
        assertThat(shell.out()).contains("1 number to predict in 'amount'");
        String data = directory.resolve("rows.csv").toString();
        String model = directory.resolve("run").toString();
        shell.succeed("evaluate", "--model", model, "--data", data);
        assertThat(shell.out()).contains("pinball-loss: ", "coverage-error: ", "mae: ");
        String predictions = directory.resolve("predictions.csv").toString();
        shell.succeed("predict", "--model", model, "--data", data, "--out", predictions);
        List<String> lines = Files.readAllLines(Path.of(predictions));
        assertThat(lines.get(0)).isEqualTo("prediction_q0.05,prediction_q0.5,prediction_q0.95");
        for (String line : lines.subList(1, lines.size())) {
            assertThat(List.of(line.split(",")).stream().map(Float::valueOf).toList())
                    .isSorted();
        }
    }

    @Test
    void aMeanHasItsDeviation() throws IOException {
        shell.succeed(train("amount", "normal", "--metrics", "rmse"));
        String predictions = directory.resolve("predictions.csv").toString();
        shell.succeed(
                "predict",
                "--model",
                directory.resolve("run").toString(),
                "--data",
                directory.resolve("rows.csv").toString(),
                "--out",
                predictions);
        assertThat(Files.readAllLines(Path.of(predictions)).get(0)).isEqualTo("prediction_mean,prediction_deviation");
    }

    @Test
    void amountsAreMeasuredByTheirDeviance() {
        shell.succeed(train("amount", "tweedie:power=1.3", "--metrics", "tweedie-deviance,gamma-deviance"));
        assertThat(shell.out()).contains("tweedie-deviance");
        shell.succeed(
                "evaluate",
                "--model",
                directory.resolve("run").toString(),
                "--data",
                directory.resolve("rows.csv").toString(),
                "--metrics",
                "poisson-deviance,tweedie-deviance");
        assertThat(shell.out()).containsPattern("poisson-deviance: [0-9]").containsPattern("tweedie-deviance: [0-9]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat-cosine", "flat-cosine:flatShare=0.2", "coslog4", "warm-up:then=coslog4"})
    void schedulesOfTabularNetworksTrain(String schedule) {
        shell.succeed(train("amount", "squared-error", "--schedule", schedule));
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeTheTraining() {
        refused("amount", "pinball:levels=0.9;0.1", "levels must ascend and be above 0 and below 1");
        refused("amount", "pinball:levels=1.5", "levels must ascend and be above 0 and below 1");
        refused("amount", "tweedie:power=2", "power must be above 1");
        refused("answer", "sigmoid-focal:alpha=2", "alpha must be between 0 and 1: 2.0");
        refused("answer", "sigmoid-cross-entropy:labelSmoothing=1", "label smoothing must be at least 0 and below 1");
        refused("answer", "gamma", "gamma takes labels of more than 0");
        refused("class", "pinball", "pinball needs numeric labels");
        shell.refused(
                List.of(train("amount", "normal", "--layers", "2,8,1")),
                "normal needs 2 outputs, but the network has 1: end",
                "with 2");
        shell.refused(
                List.of(train("amount", "normal", "--metrics", "pinball-loss")),
                "pinball-loss is not for a network that is trained with normal");
    }

    private void refused(String label, String loss, String... parts) {
        shell.refused(List.of(train(label, loss)), parts);
    }
}
