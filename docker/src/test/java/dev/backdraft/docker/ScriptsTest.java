package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts for bash. */
@DisabledOnOs(OS.WINDOWS)
class ScriptsTest {
    @TempDir
    private Path directory;

    private String output;

    private int run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("BACKDRAFT_IMAGE");
        Process process = builder.start();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"make-secret", "kubernetes/submit"})
    void bashCanReadThem(String name) throws Exception {
        Path script = Repository.DOCKER.resolve(name);
        assertThat(script).isExecutable();
        assertThat(Repository.text(script)).startsWith("#!/usr/bin/env bash\n").contains("\nset -euo pipefail\n");
        assertThat(run("bash", "-n", script.toString())).as(output).isZero();
    }

    @Test
    void aSecretIsMadeOnceAndKeptFromOtherUsers() throws Exception {
        Path script = directory.resolve("make-secret");
        Files.copy(Repository.DOCKER.resolve("make-secret"), script);
        assertThat(run("bash", script.toString())).as(output).isZero();
        Path secret = directory.resolve("secrets/spark-auth.conf");
        String first = Repository.text(secret);
        assertThat(first).matches("spark\\.authenticate true\nspark\\.authenticate\\.secret [0-9a-f]{64}\n");
        assertThat(output).doesNotContain(first.substring(first.length() - 65, first.length() - 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-r--r--");
        assertThat(run("bash", script.toString())).isZero();
        assertThat(output).contains("already");
        assertThat(Repository.text(secret)).isEqualTo(first);
    }

    @Test
    void submitSaysWhatIsMissing() throws Exception {
        String script = Repository.DOCKER.resolve("kubernetes/submit").toString();
        assertThat(run("bash", script)).isEqualTo(2);
        assertThat(output).contains("usage:");
        assertThat(run("bash", script, "https://localhost:1", "iris", "--data", "x.csv"))
                .isNotZero();
        assertThat(output).contains("set BACKDRAFT_IMAGE");
    }
}
