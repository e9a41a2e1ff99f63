package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code backdraft}, in a directory without a build, or with one whose Java is a script of the test. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path directory;

    private Path home;
    private int code;

    @BeforeEach
    void copy() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        Files.copy(ROOT.resolve("backdraft"), home.resolve("backdraft"));
        Files.copy(ROOT.resolve("pom.xml"), home.resolve("pom.xml"));
        Path cli = Path.of("src/main/java/dev/backdraft/spark/cli");
        Path copy = Files.createDirectories(home.resolve("spark-driver").resolve(cli));
        for (String name : List.of("TrainCommand.java", "DemoCommand.java")) {
            Files.copy(cli.resolve(name), copy.resolve(name));
        }
        script("mvnw", "echo '[ERROR] no build in this test'; exit 1");
    }

    private Path script(String name, String text) throws IOException {
        Path script = home.resolve(name);
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Standard output and error together, in the order in which they were written. */
    private String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("bash", home.resolve("backdraft").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        code = process.exitValue();
        return text;
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    @Test
    void theVersionNeedsNoBuild() throws Exception {
        assertThat(run("--version")).startsWith("backdraft 0.").doesNotContain("building");
        assertThat(code).isZero();
    }

    @Test
    void usageThatCannotBeRightNeedsNoBuild() throws Exception {
        assertThat(run()).startsWith("backdraft: a command is missing").contains("commands: demo train\n");
        assertThat(code).isEqualTo(2);
        assertThat(run("trian")).startsWith("backdraft: unknown command 'trian'\n");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aBuildIsAnnouncedInTheFirstLine() throws Exception {
        for (String argument : List.of("--help", "train")) {
            assertThat(run(argument))
                    .startsWith("backdraft: building first; ")
                    .contains("[ERROR] no build in this test", "backdraft: the build failed");
            assertThat(code).isEqualTo(1);
        }
    }

    private Map<String, String> built(String java) throws IOException {
        Path target = Files.createDirectories(home.resolve("spark-driver/target"));
        Files.writeString(target.resolve("classpath.txt"), "a.jar");
        Files.createDirectories(home.resolve("core/src/main"));
        Files.writeString(home.resolve("core/pom.xml"), "");
        Files.writeString(home.resolve("spark-driver/pom.xml"), "");
        Files.writeString(target.resolve("backdraft-spark-driver_2.13-1-all.jar"), "");
        script("jdk/bin/java", java);
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        return Map.of("JAVA_HOME", home.resolve("jdk").toString(), "BACKDRAFT_BLAS", "");
    }

    @Test
    void theExitCodeAndTheOrderOfOutputAreThoseOfTheCommand() throws Exception {
        Map<String, String> environment =
                built("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done; echo last >&2; exit 3");
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 5; i++) {
            expected.append("out ").append(i).append("\nerr ").append(i).append('\n');
        }
        assertThat(run(environment, "train")).isEqualTo(expected + "last\n");
        assertThat(code).isEqualTo(3);
    }

    @Test
    void aSignalReachesTheCommand() throws Exception {
        Map<String, String> environment =
                built("trap 'echo saved; exit 143' TERM; echo ready; while :; do sleep 0.1; done");
        ProcessBuilder builder =
                new ProcessBuilder("bash", home.resolve("backdraft").toString(), "train");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.getInputStream().read()).isEqualTo('r');
        process.toHandle().destroy(); // SIGTERM; the streams stay open
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .endsWith("saved\n");
        assertThat(process.waitFor()).isEqualTo(143);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void aSignalEndsTheBuildWithItsOwnCode(String signal, int expected) throws Exception {
        script("mvnw", "echo $$ > " + home.resolve("pid") + "; exec sleep 60");
        List<String> command =
                new ArrayList<>(List.of("bash", home.resolve("backdraft").toString(), "train"));
        if (System.getProperty("os.name")
                .equals("Linux")) { // a shell cannot trap what its parent ignores, as nohup does
            command.addAll(0, List.of("env", "--default-signal=INT,TERM,HUP"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        while (!Files.exists(home.resolve("pid"))) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isEqualTo(expected);
    }

    @Test
    void theLauncherAndTheCommandsAgreeOnTheNamesOfProperties() throws IOException {
        assertThat(Files.readString(ROOT.resolve("backdraft")))
                .contains("-D" + Terminal.TABLE + "=", "-D" + Terminal.OUT + "=", "-D" + Terminal.ERR + "=");
        assertThat(Files.readString(Path.of("src/main/launcher/log4j2.properties")))
                .contains("${sys:backdraft.log:-info}");
    }

    @Test
    void theVectorModuleIsAddedWhereThereAreProducts() throws Exception {
        Map<String, String> environment = built("echo \"$*\"");
        String module = "--add-modules=jdk.incubator.vector";
        assertThat(run(environment, "train", "--data", "native.csv")).contains(module);
        assertThat(run(environment, "demo")).contains(module);
        assertThat(run(environment, "train", "--blas", "vector")).contains(module);
        assertThat(run(environment, "train", "--blas", "native")).doesNotContain(module);
        assertThat(run(environment, "--blas=java", "train")).doesNotContain(module);
        Map<String, String> asksForNative = new HashMap<>(environment);
        asksForNative.put("BACKDRAFT_BLAS", "native");
        assertThat(run(asksForNative, "train")).doesNotContain(module);
        assertThat(run(asksForNative, "train", "--blas", "portable")).contains(module); // the last choice
        assertThat(run(environment, "inspect", "model")).doesNotContain(module);
        assertThat(run(environment, "train", "--help")).doesNotContain(module);
        assertThat(code).isZero();
    }
}
