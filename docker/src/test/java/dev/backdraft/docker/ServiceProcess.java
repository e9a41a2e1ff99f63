package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The processes that a container would have, in place of it: one that was started, and those that it starts. */
final class ServiceProcess {
    private static final long POLL_MILLIS = 200;

    private final Process process;
    private final Path log;

    ServiceProcess(ProcessBuilder builder, Path log) throws IOException {
        this.log = log;
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** What it has printed so far. */
    String output() {
        return Repository.text(log);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits until something is so; fails when the process ends before, or after {@code seconds}. */
    void await(String what, long seconds, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            assertThat(process.isAlive() || condition.getAsBoolean())
                    .as("%s, but the process has ended; it printed%n%s", what, output())
                    .isTrue();
            assertThat(System.nanoTime())
                    .as("%s within %d s; it printed%n%s", what, seconds, output())
                    .isLessThan(end);
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Waits for its end and returns the exit code. */
    int exitCode(long seconds) throws InterruptedException {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                .as("an end within %d s; it printed%n%s", seconds, output())
                .isTrue();
        return process.exitValue();
    }

    /** Ends all of its processes at once, as {@code docker kill} does. */
    void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether a check of its health succeeds. */
    static boolean isHealthy(List<String> check) {
        try {
            Process process = new ProcessBuilder(check)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
