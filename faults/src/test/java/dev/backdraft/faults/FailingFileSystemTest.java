package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.cli.Shell;
import dev.backdraft.spark.engine.Fits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each operation of the output's file system fails once, and from each one on all fail: the message names a file of the
 * run, and afterwards the newest checkpoint can be resumed from, or there is none and the command says so.
 */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FailingFileSystemTest {
    private static final String CONTEXT = "fs.AbstractFileSystem." + FailingFileSystem.SCHEME + ".impl";
    private static JavaSparkContext spark; // whose settings are read once, where others are read for each file

    private static final Pattern ASIDE =
            Pattern.compile("cannot write failing:(\\S+): cannot be replaced .*the old content is in failing:(\\S+),");

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[1]", 1));
        Configuration settings = spark.hadoopConfiguration();
        settings.set("fs." + FailingFileSystem.SCHEME + ".impl", FailingFileSystem.class.getName());
        settings.set("fs." + FailingFileSystem.SCHEME + ".impl.disable.cache", "true");
    }

    @AfterAll
    static void stop() {
        FailingFileSystem.heal();
        spark.close();
    }

    @BeforeEach
    void reset() {
        shell = new Shell(directory);
        spark.hadoopConfiguration().unset(CONTEXT);
        FailingFileSystem.heal();
    }

    private int train(Path data, String run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--checkpoint-every=1", "--aggregation=local"));
        arguments.add("--out=" + FailingFileSystem.SCHEME + ":" + directory.resolve(run));
        return shell.run(shell.train(data, arguments.toArray(new String[0])).toArray(new String[0]));
    }

    /** The number of runs that had a checkpoint after the failure. */
    private int resumed;

    private final List<String> faults = new ArrayList<>();

    /** Complains unless a command that met a fault has said so, with a file of the run, or has done all. */
    private void check(String what, int code, String run, String hash) {
        String err = shell.err();
        boolean isNamed = err.contains(run) && err.contains(FailingFileSystem.FAULT) && !err.contains("\tat ");
        if (code == 0 ? !shell.out().contains(hash) : !isNamed) {
            faults.add(what + ": " + code + " " + err);
        }
    }

    /** Resumes a run whose process is gone, if it has a checkpoint. */
    private void resume(Path data, String what, String run, String hash) throws IOException {
        Files.deleteIfExists(directory.resolve(run).resolve("run.lock")); // its process is this one, which lives on
        if (train(data, run, "--resume", "--epochs=2") == 0) {
            resumed++;
            if (!shell.hash(run).equals(hash)) {
                faults.add(what + ": other bits after --resume");
            }
        } else if (!shell.err().contains("there is no checkpoint to resume from")) {
            faults.add(what + " --resume: " + shell.err());
        }
    }

    private void copy(String from, String to) throws IOException {
        Path source = directory.resolve(from);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) { // each directory before its files
                Files.copy(file, directory.resolve(to).resolve(source.relativize(file)));
            }
        }
    }

    /** Does what a message says that could not be done: renames the old content of a file. */
    private void putBack(String message) throws IOException {
        Matcher old = ASIDE.matcher(message);
        if (old.find()) {
            Files.move(Path.of(old.group(2)), Path.of(old.group(1)));
        }
    }

    private static void failFrom(int first, boolean forGood) {
        FailingFileSystem.fail(operation -> forGood ? operation >= first : operation == first);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void afterAnyFailureTheNewestCheckpointIsThereOrNone(boolean overwritesAtOnce, boolean forGood) throws IOException {
        if (overwritesAtOnce) {
            spark.hadoopConfiguration().set(CONTEXT, FailingFileSystem.Overwriting.class.getName());
        }
        Path data = shell.points("points.csv", 60);
        assertThat(train(data, "whole", "--epochs=2")).as(shell.err()).isZero();
        String hash = shell.hash("whole");

        int n = 0; // the operation of a new run that fails
        boolean failed = true;
        while (failed) {
            n++;
            String run = "run-" + n;
            failFrom(n, forGood);
            int code = train(data, run, "--epochs=2");
            failed = FailingFileSystem.hasFailed();
            FailingFileSystem.heal();
            check("operation " + n, code, run, hash);
            resume(data, "operation " + n, run, hash);
        }
        assertThat(train(data, "half", "--epochs=1")).as(shell.err()).isZero();
        int m = 0; // the operation of a resumed run that fails
        failed = true;
        while (failed) {
            m++;
            String run = "resumed-" + m;
            copy("half", run);
            failFrom(m, forGood);
            int code = train(data, run, "--epochs=2", "--resume");
            failed = FailingFileSystem.hasFailed();
            FailingFileSystem.heal();
            check("operation " + m + " of --resume", code, run, hash);
            putBack(shell.err());
            int before = resumed;
            resume(data, "operation " + m + " of --resume", run, hash);
            if (resumed == before) {
                faults.add("the checkpoint is lost when operation " + m + " of --resume fails: " + shell.err());
            }
        }
        System.out.printf(
                "%s, %s: %d operations of a run, %d of a resumed one; %d runs resumed%n",
                overwritesAtOnce ? "renames overwrite" : "renames do not overwrite",
                forGood ? "all fail from one on" : "one fails",
                n - 1,
                m - 1,
                resumed);
        assertThat(faults).isEmpty();
        assertThat(n).isGreaterThan(20);
    }
}
