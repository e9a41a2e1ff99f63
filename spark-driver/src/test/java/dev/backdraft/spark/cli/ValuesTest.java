package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that floats cannot hold, or not well, on the command line. */
@Tag("slow")
class ValuesTest {
    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    private String file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines)).toString();
    }

    @Test
    void aLabelBeyondFloatIsRefusedWithItsColumn() throws IOException {
        String good = file("good.csv", "x,y", "0.1,1", "0.2,2");
        String bad = file("labels.csv", "x,y", "0.1,1", "0.2,1e39");
        String run = directory.resolve("run").toString();
        String message = "labels.csv line 3, column 'y': '1e39' is beyond the range of a 32-bit float";
        List<String> train = List.of("train", "--layers", "1,4,1", "--epochs", "1", "--out", run);

        for (String command : new String[] {"check-gradient", "find-learning-rate"}) {
            shell.refused(List.of(command, "--data", bad, "--layers", "1,4,1"), message);
        }
        List<String> onBad = with(train, "--data", bad);
        shell.refused(onBad, message);
        shell.refused(with(onBad, "--standardize"), message);
        shell.refused(with(onBad, "--standardize", "--aggregation", "job"), message);
        shell.refused(with(train, "--data", good, "--validation", bad), message);
        String model = directory.resolve("model").toString();
        shell.succeed("train", "--layers", "1,4,1", "--epochs", "1", "--out", model, "--data", good);
        shell.refused(List.of("evaluate", "--model", model, "--data", bad), message);
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    @ParameterizedTest
    @CsvSource({"shifted,local", "offset,local", "offset,job"})
    void anOffsetMakesNoDifference(String name, String aggregation) throws IOException {
        Path data = directory.resolve(name + ".csv");
        try (InputStream in = ValuesTest.class.getResourceAsStream("/values/" + name + ".csv")) {
            Files.copy(in, data);
        }
        String model = directory.resolve("model").toString();
        shell.succeed(
                "train",
                "--data",
                data.toString(),
                "--layers",
                "1,8,1",
                "--standardize",
                "--learning-rate",
                "0.02",
                "--epochs",
                "120",
                "--batch-size",
                "128",
                "--l2",
                "0",
                "--out",
                model,
                "--aggregation",
                aggregation);
        shell.succeed("evaluate", "--model", model, "--data", data.toString());
        assertThat(shell.out()).contains("accuracy: 1.0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job"})
    void aLargeLabelIsPredictedInDouble(String aggregation) throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < 200; i++) {
            lines.add(i / 100.0 + "," + (1_000_000_000_000_000L + i));
        }
        String data = file("large.csv", lines.toArray(String[]::new));
        Path model = directory.resolve("model");
        String out = directory.resolve("out.csv").toString();
        shell.succeed(
                "train",
                "--data",
                data,
                "--layers",
                "1,8,1",
                "--activation",
                "tanh",
                "--standardize",
                "--learning-rate",
                "0.02",
                "--epochs",
                "75",
                "--batch-size",
                "32",
                "--l2",
                "0",
                "--early-stopping",
                "none",
                "--out",
                model.toString(),
                "--validation",
                data,
                "--metrics",
                "r2",
                "--aggregation",
                aggregation);
        shell.succeed("evaluate", "--model", model.toString(), "--data", data);
        assertThat(shell.out()).containsPattern("r2: (0.999|1)");
        shell.succeed("predict", "--model", model.toString(), "--data", data, "--out", out);
        List<String> predicted = Files.readAllLines(Path.of(out));
        for (int i = 0; i < 200; i++) {
            assertThat(Double.parseDouble(predicted.get(i + 1)) - 1e15).isBetween(i - 12.0, i + 12.0);
        }
        assertThat(ModelFile.read(model.resolve("model.backdraft"))
                        .preprocessing()
                        .label()
                        .centered())
                .containsExactly(0);
    }

    @Test
    void theProbabilityOfTheOtherClassIsNoRoundedRest() throws IOException {
        Network network = Network.builder(1).dense(1).build();
        Path model = directory.resolve("one.backdraft");
        ModelFile.write(
                new Model(network, new SigmoidCrossEntropy(), Preprocessing.none(), new float[] {1, 0}, Map.of()),
                model);
        String out = directory.resolve("out.csv").toString();
        String data = file("twenty.csv", "x", "20");
        shell.succeed("predict", "--model", model.toString(), "--data", data, "--out", out);
        assertThat(Files.readAllLines(Path.of(out)))
                .containsExactly("prediction,probability_0,probability_1", "1,2.0611537E-9,1.0");
    }

    @Test
    void theLossOfAnEvaluationIsNamedWithItsSettings()
            throws IOException { // smoothing makes it larger than the log-loss
        Path data = shell.points("points.csv", 40);
        shell.trains(data, "--loss", "softmax-cross-entropy:labelSmoothing=0.1");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", data.toString());
        assertThat(shell.out()).contains("(softmax-cross-entropy:labelSmoothing=0.1)");
        shell.trains(data, "--overwrite");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", data.toString());
        assertThat(shell.out()).contains("(softmax-cross-entropy)");
    }
}
