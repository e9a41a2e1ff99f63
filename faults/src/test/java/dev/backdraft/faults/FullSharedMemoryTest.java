package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.spark.cli.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code /dev/shm}, through which driver and executors of one machine exchange vectors, is full before a training, or
 * becomes full while it is used: the training takes the network, or goes on with the memory that it has, and no bit
 * changes. The training has a {@code /dev/shm} of its own, which goes with its processes.
 */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class FullSharedMemoryTest {
    private static final int KILOBYTES = 1024; // of the shared memory
    private static final int VECTOR_BYTES = 4 * 23_402; // parameters of the network below
    private static final int EPOCHS = 20;

    private static String undisturbed; // hash; null at first

    @TempDir
    private Path directory;

    private Shell shell;
    private CommandProcess process; // null before it starts

    @BeforeEach
    void check() throws IOException {
        shell = new Shell(directory);
        Process trial = new ProcessBuilder("sh", "-c", "unshare --mount mount -t tmpfs trial /dev/shm")
                .redirectErrorStream(true)
                .start();
        String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(
                trial.onExit().join().exitValue() == 0, "needs root on Linux, for a mount namespace: " + said);
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.process().descendants().forEach(ProcessHandle::destroyForcibly);
            process.kill();
        }
    }

    private List<String> arguments(Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--epochs=" + EPOCHS, "--layers=2,150,150,2"));
        return shell.train(data, arguments.toArray(new String[0]));
    }

    /** Starts a training on a cluster, with this many kilobytes of shared memory in use. */
    private void start(Path data, int used) throws IOException {
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        String spark = "-Dspark.executor.memory=512m -Dspark.executor.extraClassPath=" + StandaloneCluster.classPath()
                + " '-Dspark.executor.extraJavaOptions=" + StandaloneCluster.QUICK_START + "'";
        process = CommandProcess.start(
                directory,
                List.of(
                        "unshare",
                        "--mount",
                        "bash",
                        "-c",
                        "mount -t tmpfs -o size=" + KILOBYTES + "k full /dev/shm && head -c " + used
                                + "k /dev/zero > /dev/shm/filled && export JDK_JAVA_OPTIONS=$1 && shift && exec \"$@\"",
                        "bash",
                        spark),
                arguments(data, "--aggregation=resident", "--master=local-cluster[2,1,512]"));
    }

    private void assertSame(String hash) throws Exception {
        assertThat(process.process().waitFor()).as(process.all()).isZero();
        assertThat(process.all()).doesNotContain("SIGBUS", "\tat ");
        assertThat(shell.hash("run")).isEqualTo(hash);
        assertThat(directory.resolve("run/history.csv")).content().hasLineCount(1 + EPOCHS);
    }

    /** The hash of the weights, by a training that is done for the first test only. */
    private String undisturbed(Path data) throws IOException {
        if (undisturbed == null) {
            assertThat(shell.run(arguments(data, "--aggregation=local", "--out=" + shell.name("whole"))
                            .toArray(new String[0])))
                    .isZero();
            undisturbed = shell.hash("whole");
        }
        return undisturbed;
    }

    /** Full, or with space for the first bytes of a region but not for its vectors. */
    @ParameterizedTest
    @ValueSource(ints = {0, 16})
    void aTrainingThatFindsItFullUsesTheNetwork(int free) throws Exception {
        Path data = shell.points("points.csv", 400);
        String hash = undisturbed(data);
        start(data, KILOBYTES - free);
        awaitEpochs(2);
        assertThat(sharedBytes()).isLessThan(VECTOR_BYTES);
        assertSame(hash);
    }

    @Test
    void aTrainingGoesOnWhenItBecomesFull() throws Exception {
        Path data = shell.points("points.csv", 400);
        String hash = undisturbed(data);
        start(data, 0);
        awaitEpochs(2);
        assertThat(sharedBytes()).isGreaterThanOrEqualTo(VECTOR_BYTES);
        new ProcessBuilder(
                        "nsenter",
                        "--target",
                        Long.toString(process.process().pid()),
                        "--mount",
                        "sh",
                        "-c",
                        "cat /dev/zero > /dev/shm/filled")
                .start()
                .waitFor(); // fails when it is full
        assertThat(epochs()).isLessThan(EPOCHS);
        assertSame(hash);
    }

    private int epochs() throws IOException {
        Path history = directory.resolve("run/history.csv");
        return Files.exists(history) ? Files.readAllLines(history).size() - 1 : 0;
    }

    private void awaitEpochs(int epochs) throws Exception {
        while (epochs() < epochs) {
            assertThat(process.isAlive()).as(process.all()).isTrue();
            Thread.sleep(20);
        }
    }

    /** The bytes that the driver's open files of shared memory take. */
    private long sharedBytes() throws Exception {
        long bytes = 0;
        Path descriptors = Path.of("/proc", Long.toString(process.process().pid()), "fd");
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (isShared(link)) {
                    Process stat = new ProcessBuilder("stat", "--dereference", "--format=%b", link.toString()).start();
                    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    bytes += 512 * Long.parseLong(blocks.strip());
                }
            }
        }
        return bytes;
    }

    private static boolean isShared(Path link) {
        try {
            return Files.readSymbolicLink(link).startsWith("/dev/shm");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
