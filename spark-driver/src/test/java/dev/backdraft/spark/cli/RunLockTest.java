package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.spark.storage.DirectoryInUseException;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.spark.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two trainings in one directory at once: the second is refused, unless the first is dead. */
class RunLockTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 40);
    }

    private Path lock() {
        return directory.resolve("run").resolve(DirectoryLock.FILE);
    }

    private void hold(String host, ProcessHandle process) throws IOException {
        Files.createDirectories(directory.resolve("run"));
        Files.writeString(
                lock(),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("host", host)
                        .put("pid", process.pid())
                        .put(
                                "started",
                                process.info()
                                        .startInstant()
                                        .map(Instant::toString)
                                        .orElse(""))
                        .put("since", "2026-01-02T03:04:05Z")
                        .toString());
    }

    private static String here() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    private int train(String... more) {
        return shell.run(shell.train(data, more).toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--resume", "--resume-or-start", "--overwrite"})
    void aTrainingOfALivingProcessKeepsOthersOut(String how) throws IOException {
        shell.trains(data, "--checkpoint-every=1");
        assertThat(lock()).doesNotExist();
        List<String> history = Files.readAllLines(directory.resolve("run/history.csv"));
        hold(here(), ProcessHandle.current());
        assertThat(train("--checkpoint-every=1", "--epochs=9", how)).isEqualTo(2);
        assertThat(shell.err())
                .contains(
                        "another training runs in this directory: process "
                                + ProcessHandle.current().pid() + " on " + here() + ", since 2026-01-02T03:04:05Z",
                        "choose another directory")
                .doesNotContain("\tat ");
        assertThat(Files.readAllLines(directory.resolve("run/history.csv"))).isEqualTo(history);
    }

    @Test
    void aNewRunIsRefusedToo() throws IOException {
        hold(here(), ProcessHandle.current());
        assertThat(train()).isEqualTo(2);
        assertThat(shell.err()).contains("another training runs in this directory");
    }

    @Test
    void aProcessThatIsGoneHoldsNothing() throws Exception {
        Process killed = new ProcessBuilder("sleep", "100").start();
        hold(here(), killed.toHandle());
        assertThat(train()).as("while it lives").isEqualTo(2);
        killed.destroyForcibly().waitFor();
        assertThat(train()).as(shell.err()).isZero();
        assertThat(lock()).doesNotExist();
    }

    @Test
    void anotherProcessOfTheSameNumberHoldsNothing() throws IOException {
        hold(here(), ProcessHandle.current());
        Files.writeString(lock(), Files.readString(lock()).replaceFirst("\"started\":\"[^\"]*", "\"started\":\"1999"));
        assertThat(train()).as(shell.err()).isZero();
    }

    @Test
    void anotherHostHoldsItAsLongAsItRenewsTheFile() throws IOException {
        hold("elsewhere", ProcessHandle.current());
        assertThat(train()).isEqualTo(2);
        assertThat(shell.err()).contains("on elsewhere", "If that process is dead, try again in 120 s");
        Files.setLastModifiedTime(
                lock(),
                FileTime.from(Instant.now().minus(DirectoryLock.STALE_AFTER).minusSeconds(5)));
        assertThat(train()).as(shell.err()).isZero();
    }

    @Test
    void oneOfManyTakesTheDirectory() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        List<Future<?>> all = IntStream.range(0, 8)
                .<Future<?>>mapToObj(i -> threads.submit(() -> {
                    go.await();
                    try {
                        DirectoryLock.take(Storage.of(shell.name("run")), shell.name("run"));
                        return taken.incrementAndGet();
                    } catch (DirectoryInUseException e) {
                        return 0;
                    }
                }))
                .toList();
        go.countDown();
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        assertThat(taken).hasValue(1);
    }
}
