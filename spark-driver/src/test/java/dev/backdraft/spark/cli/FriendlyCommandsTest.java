package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.JsonText;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people try first works, or ends in one message. */
class FriendlyCommandsTest {
    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    @Test
    void inspectTakesTheModelAsOtherCommandsDo() throws IOException {
        shell.trains(shell.points("points.csv", 40));
        shell.succeed("inspect", shell.name("run"));
        String text = shell.out();
        shell.succeed("inspect", "--model", shell.name("run"));
        assertThat(shell.out()).isEqualTo(text);
        String uri = shell.path("run").toUri().toString();
        shell.succeed("inspect", "--model", uri);
        assertThat(shell.out()).as("a directory that Hadoop reads").isEqualTo(text);
        assertThat(shell.run("inspect")).isEqualTo(2);
        assertThat(shell.err()).contains("no model: give --model FILE");
        assertThat(shell.run("inspect", shell.name("run"), "--model", shell.name("run")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("named twice");
        Files.createDirectories(shell.path("empty"));
        assertThat(shell.run("inspect", "--model", shell.path("empty").toUri().toString()))
                .isEqualTo(2);
        assertThat(shell.err()).contains("this directory has neither model.backdraft");
    }

    @Test
    void aRunOfAnEarlierVersionGoesOnThoughItsConfigurationLacksKeys() throws IOException {
        shell.trains(shell.points("points.csv", 40), "--checkpoint-every", "1");
        ObjectNode config = shell.config("run");
        config.remove(List.of("features", "ignore", "invalid"));
        shell.write("run/config.json", JsonText.write(config));
        shell.succeed("train", "--resume", "--epochs", "6", "--out", shell.name("run"));
        assertThat(shell.run("train", "--resume", "--epochs", "7", "--ignore", "y", "--out", shell.name("run")))
                .isEqualTo(2);
    }

    @Test
    void aSecondDemoIsRefusedUnlessItMayOverwrite() throws IOException {
        Path demo = Files.createDirectories(shell.path("demo"));
        Files.writeString(demo.resolve("mine.txt"), "mine");
        assertThat(shell.run("demo", "--out", demo.toString(), "--epochs", "1")).isEqualTo(2);
        assertThat(shell.err()).contains("is not empty", "--overwrite").doesNotContain("\tat ");
        assertThat(demo.resolve("data")).doesNotExist();
    }

    @Test
    void aLocalClusterNeedsAnInstallationOfSpark() throws IOException {
        String master = "local-cluster[1,1,512]";
        String home = directory.toString();
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Sessions.checkInstallation(master, Map.of()))
                .withMessage(
                        "--master local-cluster[1,1,512] starts executors from an installation of Spark, and SPARK_HOME is"
                                + " not set: start with bin/spark-submit of a Spark download, or use --master local[*], which needs"
                                + " none");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Sessions.checkInstallation(master, Map.of("SPARK_HOME", home)))
                .withMessageContaining("SPARK_HOME is " + home + ", which has no subdirectory jars");
        Files.createDirectories(directory.resolve("jars"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Sessions.checkInstallation(master, Map.of("SPARK_HOME", home)))
                .withMessageContaining("SPARK_SCALA_VERSION is not set");
        assertThatCode(() ->
                        Sessions.checkInstallation(master, Map.of("SPARK_HOME", home, "SPARK_SCALA_VERSION", "2.13")))
                .doesNotThrowAnyException();
        assertThatCode(() -> Sessions.checkInstallation("local[2]", Map.of())).doesNotThrowAnyException();
    }

    @Test
    void aMasterThatSparkDoesNotKnowIsRefusedInOneLine() throws IOException {
        shell.refused(
                shell.train(shell.points("points.csv", 40), "--master", "locall[2]"),
                "--master locall[2]: Spark knows no such");
    }

    @Test
    void aMasterThatDoesNotAnswerIsRefusedInOneLine() throws IOException {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        shell.refused(
                shell.train(shell.points("points.csv", 40), "--master", "spark://" + address),
                "--master spark://" + address + ": no Spark master answers (" + address
                        + ": Connection refused): check the" + " address, and that the master is running\n");
        assertThat(shell.err().lines().filter(line -> line.startsWith("backdraft: ")))
                .hasSize(1);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Sessions.checkReachable("spark://no-such-host.invalid:7077," + address))
                .withMessageContaining("unknown host no-such-host.invalid; 127.0.0.1");
        try (ServerSocket somebody = new ServerSocket(0)) {
            String both = "spark://" + address + ",localhost:" + somebody.getLocalPort();
            assertThatCode(() -> Sessions.checkReachable(both)).doesNotThrowAnyException();
        }
        assertThatCode(() -> Sessions.checkReachable("yarn")).doesNotThrowAnyException();
    }
}
