package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The cluster of compose.yaml as processes: a worker is lost in mid-training, and the weights are those of one JVM. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 12, unit = TimeUnit.MINUTES)
@Tag("slow")
class ComposeClusterTest {
    private static final String[] TRAINING = {
        "train",
        "--data",
        "/data/points.csv",
        "--layers",
        "2,16,2",
        "--batch-size",
        "40",
        "--lanes",
        "2",
        "--epochs",
        "600",
        "--learning-rate",
        "0.001",
        "--l2",
        "0",
        "--validation",
        "none",
        "--standardize",
        "--aggregation",
        "auto",
        "--out",
        "/runs/points"
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void aLostWorkerCostsNoBitAndTheHistoryServerShowsTheTraining() throws Exception {
        Path secret = secret();
        try (ComposeRun compose = new ComposeRun(
                directory, secret, Map.of("WORKER_CORES", "1", "WORKER_MEMORY", "512m", "TOTAL_CORES", "2"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(compose::close));
            points(compose.path("/data").resolve("points.csv"));
            compose.start("master", "master");
            compose.start("history", "history");
            String expected = inOneJvm(compose);
            compose.awaitHealthy("master");
            ServiceProcess victim = compose.start("worker", "worker-1");
            compose.start("worker", "worker-2");
            compose.awaitHealthy("worker-1", "worker-2");

            ServiceProcess stranger = compose.startWithoutSecret("worker", "stranger");
            ServiceProcess submit = compose.start("submit", "submit", TRAINING);
            submit.await("the third epoch", 180, () -> submit.output().contains("epoch 3/600 "));
            victim.kill();
            assertThat(submit.output()).doesNotContain("epoch 600/600 ");
            assertThat(submit.exitCode(180)).as(submit.output()).isZero();
            assertThat(submit.output()).contains("epoch 600/600 ", "Lost executor", "weights-sha256: " + expected);
            assertThat(hash(compose.path("/runs"))).isEqualTo(expected);
            JsonNode run = JSON.readTree(
                            compose.path("/runs/points/config.json").toFile())
                    .get("run");
            assertThat(run.get("aggregation").asText()).isEqualTo("resident");
            assertThat(run.get("workers").asInt()).isEqualTo(2);

            assertThat(stranger.output()).contains("Failed to connect to master");
            assertThat(compose.isHealthy("stranger"))
                    .as("health of a worker without the secret")
                    .isFalse();
            compose.awaitHealthy("history");
            assertHistoryHasTheTraining(compose);
            assertNothingIsWrittenWhereContainersCannot(compose);
            assertTheSecretIsNowhere(secret);
        }
    }

    /** Makes the secret as the README says, in a copy of the directory. */
    private Path secret() throws IOException, InterruptedException {
        Path docker = Files.createDirectories(directory.resolve("docker"));
        Files.copy(Repository.DOCKER.resolve("make-secret"), docker.resolve("make-secret"));
        Process script = new ProcessBuilder(
                        "bash", docker.resolve("make-secret").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(script.waitFor()).isZero();
        // the other worker takes over after 3 s instead of 30, which are for workers that are replaced meanwhile
        return Files.writeString(
                docker.resolve("secrets/spark-auth.conf"),
                "spark.backdraft.registrationTimeout 3s\nspark.executor.extraJavaOptions " + SparkHome.SHORT_LIVED
                        + "\n",
                StandardOpenOption.APPEND);
    }

    private static void points(Path file) throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < 200; i++) {
            double centre = i % 2 == 0 ? -1 : 1;
            csv.append(String.format(
                    Locale.ROOT,
                    "%.4f,%.4f,%s%n",
                    centre + random.nextGaussian(),
                    centre + random.nextGaussian(),
                    i % 2 == 0 ? "a" : "b"));
        }
        Files.writeString(file, csv.toString());
    }

    /** The hash of the weights of the same training by threads of this JVM. */
    private static String inOneJvm(ComposeRun compose) throws IOException {
        String[] local = TRAINING.clone();
        for (int i = 0; i < local.length; i++) {
            local[i] = switch (local[i]) {
                case "/data/points.csv" -> compose.path(local[i]).toString();
                case "/runs/points" -> compose.path("/local/points").toString();
                default -> local[i];
            };
        }
        Main.main(local);
        return hash(compose.path("/local"));
    }

    private static String hash(Path runs) throws IOException {
        return ModelFile.read(runs.resolve("points/model.backdraft")).weightsSha256();
    }

    private static void assertHistoryHasTheTraining(ComposeRun compose) throws Exception {
        URI applications = URI.create("http://127.0.0.1:" + compose.port("18080") + "/api/v1/applications");
        ServiceProcess history = compose.container("history");
        history.await("the history server has the training", 120, () -> {
            try (InputStream answer = applications.toURL().openStream()) {
                JsonNode list = JSON.readTree(answer);
                return list.size() == 1 && list.at("/0/attempts/0/completed").asBoolean();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The file systems of the containers are read-only: the directories that processes run in must not be written. */
    private static void assertNothingIsWrittenWhereContainersCannot(ComposeRun compose) throws IOException {
        for (String name : new String[] {"master", "worker-1", "worker-2", "history", "submit"}) {
            try (Stream<Path> files = Files.list(compose.workDirectory(name))) {
                assertThat(files)
                        .as("files in the working directory of " + name)
                        .isEmpty();
            }
        }
    }

    /** Neither a log nor an event log has the secret. */
    private void assertTheSecretIsNowhere(Path secret) throws IOException {
        String key = Repository.text(secret)
                .lines()
                .filter(line -> line.contains(".secret "))
                .findFirst()
                .orElseThrow();
        String value = key.substring(key.lastIndexOf(' ') + 1);
        assertThat(value).matches("[0-9a-f]{64}");
        for (Path top : List.of(directory, ComposeRun.LOGS)) {
            try (Stream<Path> files = Files.walk(top)) {
                assertThat(files.filter(Files::isRegularFile).filter(file -> !file.equals(secret)))
                        .isNotEmpty()
                        .noneMatch(file -> contains(file, value));
            }
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
