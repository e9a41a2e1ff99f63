package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts for bash. */
@DisabledOnOs(OS.WINDOWS)
class ScriptsTest {
    private static final String IMAGE = "BACKDRAFT_IMAGE";

    @TempDir
    private Path directory;

    private String output;

    private int run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }

    private int run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(Set.of(IMAGE, "SPARK_HOME"));
        builder.environment().putAll(environment);
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
        submitRefuses(Map.of("SPARK_HOME", "/"), "usage:");
        String[] training = {"https://localhost:1", "iris", "--data", "x.csv"};
        submitRefuses(Map.of("SPARK_HOME", "/"), "docker/kubernetes/submit: BACKDRAFT_IMAGE is not set", training);
        submitRefuses(Map.of(IMAGE, ""), "docker/kubernetes/submit: BACKDRAFT_IMAGE is not set", training);
        submitRefuses(Map.of(IMAGE, "backdraft:1"), "docker/kubernetes/submit: SPARK_HOME is not set", training);
    }

    @Test
    void submitSaysWhatIsWrongWithTheDirectoryOfSpark() throws Exception {
        String[] training = {"https://localhost:1", "iris", "--data", "x.csv"};
        String missing = directory.resolve("no such spark").toString();
        submitRefuses(
                Map.of(IMAGE, "backdraft:1", "SPARK_HOME", missing),
                "SPARK_HOME is '" + missing + "', which is not a directory",
                training);
        submitRefuses(
                Map.of(IMAGE, "backdraft:1", "SPARK_HOME", directory.toString()),
                "SPARK_HOME is '" + directory + "', which has no program bin/spark-submit",
                training);
    }

    /** One line that says what to do, in the script's own words, instead of an error of bash. */
    private void submitRefuses(Map<String, String> environment, String message, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("bash", Repository.DOCKER.resolve("kubernetes/submit").toString()));
        command.addAll(List.of(arguments));
        assertThat(run(environment, command.toArray(new String[0]))).as(output).isEqualTo(2);
        assertThat(output).contains(message).doesNotContain("line ").hasLineCount(1);
    }
}
