package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.train.TrainingDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training by a configuration file, and that the one which a run leaves makes the same run again. */
class ConfigFileTest {
    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(directory);
    }

    @Test
    void theConfigurationOfARunGivesTheSameBitsAgain() throws IOException {
        Path data = shell.points("points.csv", 101);
        shell.trains(
                data,
                "--validation=0.2",
                "--standardize",
                "--optimizer=momentum:momentum=0.8",
                "--schedule=cosine",
                "--warmup=3",
                "--batch-growth=everyEpochs=2",
                "--clip-norm=1",
                "--l2=0.1",
                "--average=ema:decay=0.9",
                "--class-weights=1,2",
                "--metrics=f1-macro",
                "--early-stopping=patience=3",
                "--seed=7");
        String config = shell.path("run").resolve("config.json").toString();
        shell.succeed("train", "--config", config, "--out", shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(shell.hash("run"));
        assertThat(shell.config("again")).isEqualTo(shell.config("run"));

        shell.succeed(
                "train", "--config", config, "--out", shell.name("job"), "--aggregation=job", "--master=local[3]");
        assertThat(shell.hash("job")).isEqualTo(shell.hash("run"));
        assertThat(shell.config("job").path("run").path("lanes"))
                .isEqualTo(shell.config("run").path("run").path("lanes"));

        shell.succeed("train", "--config", config, "--out", shell.name("other"), "--seed=8");
        assertThat(shell.hash("other")).isNotEqualTo(shell.hash("run"));
        ObjectNode other = shell.config("other").deepCopy();
        ObjectNode run = shell.config("run").deepCopy();
        other.remove(List.of("seed", "run"));
        run.remove(List.of("seed", "run"));
        assertThat(other).isEqualTo(run);
    }

    @Test
    void theConfigurationOfARunHoldsEverything() throws IOException {
        Path data = shell.points("points.csv", 40);
        shell.trains(data);
        ObjectNode config = shell.config("run");
        assertThat(config.fieldNames()).toIterable().containsExactlyElementsOf(keysAndRun());
        assertThat(config.path("loss").path("type").textValue()).isEqualTo("softmax-cross-entropy"); // auto as resolved
        assertThat(config.path("label").textValue()).isEqualTo("kind");
        assertThat(config.path("optimizer").path("beta1").doubleValue()).isEqualTo(0.9);
        assertThat(config.path("network")
                        .path("layers")
                        .path(0)
                        .path("initializer")
                        .textValue())
                .isEqualTo("he-normal");
        ObjectNode run = (ObjectNode) config.path("run");
        assertThat(run.path("weightsSha256").textValue()).isEqualTo(shell.hash("run"));
        assertThat(run.path("dataFingerprint").textValue()).hasSize(32);
        assertThat(run.path("epochs").intValue()).isEqualTo(5);
        assertThat(run.path("values").path("accuracy").doubleValue()).isPositive();
        assertThat(run.fieldNames()).toIterable().contains("version", "java", "blas", "lanes", "master", "aggregation");
    }

    private static List<String> keysAndRun() {
        List<String> keys = new ArrayList<>(Settings.keys());
        keys.removeAll(TrainingDraft.shapeKeys()); // the network says them
        keys.add("run");
        return keys;
    }

    @Test
    void aPersonsFileIsEnough() throws IOException {
        Path data = shell.points("points.csv", 60);
        Path config = shell.write(
                "my.json",
                """
                {
                  // rows of three columns, the last of them the label
                  "data": "%s",
                  "validation": 0.25,
                  "network": {"layers": [{"type": "dense", "outputSize": 5}, "tanh", {"type": "dense", "outputSize": 2}]},
                  "optimizer": {"type": "momentum", "momentum": 0.8},
                  "learningRate": 0.1, /* large */
                  "epochs": 2,
                }
                """
                        .formatted(data.toString().replace("\\", "/")));
        shell.succeed("train", "--config", config.toString(), "--out", shell.name("run"), "--epochs=3");
        assertThat(shell.out()).contains("epoch 3/3 | loss", "validation loss");
        assertThat(shell.config("run")
                        .path("network")
                        .path("layers")
                        .path(0)
                        .path("inputSize")
                        .intValue())
                .isEqualTo(2);

        shell.succeed(
                "train", "--config", config.toString(), "--out", shell.name("large"), "--layers=2,9,2", "--overwrite");
        assertThat(shell.config("large")
                        .path("network")
                        .path("layers")
                        .path(0)
                        .path("outputSize")
                        .intValue())
                .isEqualTo(9);
    }

    @Test
    void parquetColumnsTellTheNumberOfFeatures() throws IOException {
        Path data = shell.points("points.csv", 60);
        String parquet = shell.name("parquet");
        try (SparkSession spark = Sessions.start("local[2]")) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(data.toString())
                    .write()
                    .parquet(parquet);
        }
        Path config = shell.write(
                "my.json",
                "{\"network\": {\"layers\": [{\"type\": \"dense\", \"outputSize\": 2}]}, \"epochs\": 1, \"label\": \"kind\"}");
        shell.succeed("train", "--config", config.toString(), "--data", parquet, "--out", shell.name("run"));
        shell.succeed("train", "--config", config.toString(), "--data", data.toString(), "--out", shell.name("csv"));
        assertThat(shell.hash("run")).isEqualTo(shell.hash("csv"));
    }

    @Test
    void aConfigurationMayLieWhereverHadoopReads() throws IOException {
        Path data = shell.points("points.csv", 40);
        shell.trains(data);
        String uri = shell.path("run").resolve("config.json").toUri().toString();
        shell.succeed(
                "train", "--config", uri, "--out", shell.path("again").toUri().toString());
        assertThat(shell.hash("again")).isEqualTo(shell.hash("run"));
        try (Stream<Path> files = Files.list(shell.path("again"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .contains("model.backdraft", "history.csv", "config.json")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void refusesAFileThatIsNoConfiguration() throws IOException {
        Path data = shell.points("points.csv", 10);
        shell.refused(shell.train(data, "--config", shell.name("absent.json")), "absent.json: no such file");
        shell.refused(shell.train(data, "--config", data.toString()), "points.csv: line 1, column ");
        shell.refused(shell.train(data, "--config", directory.toString()), "is a directory, but must be a file");
        shell.refused(
                shell.train(
                        data,
                        "--config",
                        shell.write("typo.json", "{\"epoch\": 3}").toString()),
                "typo.json: unknown key 'epoch' (did you mean 'epochs'?)");
    }
}
