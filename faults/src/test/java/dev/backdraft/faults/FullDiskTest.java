package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.cli.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * No space is left after some bytes, in checkpoints and in the model: the message names file and cause, and what was
 * complete stays.
 */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FullDiskTest {
    private static final long SEED = 6;
    private static final int DISKS = 20;
    private static final int MOST_BYTES = 12_000; // less than a run writes at once
    private static final String FILES = "spark.hadoop.fs." + FailingFileSystem.SCHEME + ".impl";

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void install() {
        shell = new Shell(directory);
        System.setProperty(FILES, FailingFileSystem.class.getName());
        FailingFileSystem.heal();
    }

    @AfterEach
    void remove() {
        System.clearProperty(FILES);
        FailingFileSystem.heal();
    }

    private List<String> arguments(Path data, String run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--epochs=2", "--checkpoint-every=1", "--aggregation=local", "--out=" + run));
        return shell.train(data, arguments.toArray(new String[0]));
    }

    private int train(Path data, String run, String... more) {
        return shell.run(arguments(data, FailingFileSystem.SCHEME + ":" + directory.resolve(run), more)
                .toArray(new String[0]));
    }

    private List<String> hidden(String run) throws IOException {
        if (!Files.exists(directory.resolve(run))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory.resolve(run))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }

    @Test
    void whateverFitsIsCompleteAndTheMessageNamesTheFile() throws IOException {
        Path data = shell.points("points.csv", 60);
        assertThat(train(data, "whole")).as(shell.err()).isZero();
        String hash = shell.hash("whole");
        Random random = new Random(SEED);
        List<String> outcomes = new ArrayList<>();
        int failed = 0;
        for (int i = 0; i < DISKS; i++) {
            int bytes = random.nextInt(MOST_BYTES);
            String run = "run-" + i;
            FailingFileSystem.fill(bytes);
            int code = train(data, run);
            FailingFileSystem.heal();
            if (code == 0) {
                assertThat(shell.out()).contains(hash);
                outcomes.add(bytes + ": enough");
                continue;
            }
            failed++;
            assertThat(shell.err())
                    .as("with %d bytes", bytes)
                    .contains(directory.resolve(run) + "/", FailingFileSystem.FULL)
                    .doesNotContain("\tat ");
            String err = shell.err();
            outcomes.add(bytes + ": " + err.substring(err.indexOf(run) + run.length() + 1, err.lastIndexOf(": No")));
            assertThat(hidden(run)).isEmpty();
            if (train(data, run, "--resume") != 0) {
                assertThat(shell.err()).contains("there is no checkpoint to resume from");
                assertThat(train(data, run, "--overwrite")).as(shell.err()).isZero();
            }
            assertThat(shell.hash(run)).isEqualTo(hash);
        }
        System.out.printf("seed %d, bytes that fit, and the file that does not: %s%n", SEED, outcomes);
        assertThat(failed).isGreaterThan(DISKS / 2);
    }

    /** A disk of this machine, as the limit of a process for the size of files: 512 blocks of 512 or 1,024 bytes. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aLocalFileThatCannotGrowIsNamedToo() throws Exception {
        Path data = shell.points("points.csv", 60);
        String run = directory.resolve("run").toString();
        CommandProcess process = CommandProcess.start(
                directory,
                List.of("bash", "-c", "ulimit -f 512; exec \"$@\"", "limited"),
                arguments(data, run, "--layers=2,200,300,2"));
        assertThat(process.process().waitFor()).as(process.all()).isEqualTo(1);
        assertThat(Files.readString(process.err()))
                .contains("cannot write checkpoint " + run + "/", " bytes: ", "File too large")
                .doesNotContain("\tat ");
        assertThat(hidden("run")).isEmpty();
        assertThat(directory.resolve("run/run.lock")).doesNotExist();
    }
}
