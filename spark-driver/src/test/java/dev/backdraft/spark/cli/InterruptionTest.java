package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and SIGTERM, sent to a command in a JVM of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InterruptionTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path directory;

    private Shell shell;

    @BeforeEach
    void openShell() {
        shell = new Shell(directory);
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.backdraft.spark.cli.Main"));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
    }

    /** Waits until the history has an epoch, sends SIGTERM, and returns what the command then complained about. */
    private String terminate(Process process) throws Exception {
        Path history = directory.resolve("run/history.csv");
        while (process.isAlive()
                && (!Files.exists(history) || Files.readAllLines(history).size() < 3)) {
            Thread.sleep(20);
        }
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(TERMINATED);
        return Files.readString(directory.resolve("err.txt"));
    }

    @Test
    void aTerminatedTrainingIsSavedAndContinuesWithTheSameBits() throws Exception {
        Path data = shell.points("points.csv", 2000);
        String[] rest = {"--epochs", "1500", "--batch-size", "20"};
        String complaints = terminate(start(shell.train(data, rest)));

        assertThat(complaints).contains("saved", "checkpoint", "--resume").doesNotContain("\tat ");
        shell.succeed("inspect", shell.name("run/model.backdraft"));
        assertThat(shell.out()).contains("it was interrupted");

        shell.trains(data, "--epochs", "1500", "--batch-size", "20", "--resume");
        String resumed = shell.hash("run");
        shell.trains(data, "--epochs", "1500", "--batch-size", "20", "--out", shell.name("whole"));
        assertThat(resumed).isEqualTo(shell.hash("whole"));
    }
}
