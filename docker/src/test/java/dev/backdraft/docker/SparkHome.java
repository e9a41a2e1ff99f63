package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Stands for {@code /opt/spark} of the image: Spark's classes are those that Maven has brought, without ours, and the scripts of
 * {@code bin} are replaced by the launcher that they call.
 */
final class SparkHome {
    private static final List<String> IN_OUR_JAR =
            List.of("/dev/backdraft/", "/info/picocli/", "/de/siegmar/", "/org/bytedeco/");

    /** For JVMs that live for seconds, of which there are many at once. */
    static final String SHORT_LIVED = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final Path home;

    /** Makes the directory. */
    SparkHome(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("jars"));
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(
                home.resolve("conf/log4j2.properties"),
                """
                rootLogger.level = info
                rootLogger.appenderRef.stderr.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.target = SYSTEM_ERR
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n%ex
                """);
        Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
        Files.writeString(
                submit,
                "#!/usr/bin/env bash\nexec '" + java() + "' -cp '" + sparkClassPath()
                        + "' org.apache.spark.deploy.SparkSubmit \"$@\"\n");
        Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path path() {
        return home;
    }

    /** Prepares the environment of a script or a JVM: nothing of this machine's own Spark and Hadoop comes in. */
    void putInto(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("SPARK_") || name.endsWith("_CONF_DIR"));
        environment.putAll(environment());
    }

    private Map<String, String> environment() {
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_CONF_DIR",
                home.resolve("conf").toString(),
                "SPARK_DIST_CLASSPATH",
                sparkClassPath(),
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_DAEMON_JAVA_OPTS",
                SHORT_LIVED,
                "SPARK_SUBMIT_OPTS",
                SHORT_LIVED);
    }

    /**
     * The command that {@code spark-class} or {@code spark-submit} would become.
     *
     * @param command of compose.yaml, with paths and hosts of this machine
     * @param own variables of the service
     */
    List<String> command(List<String> command, Map<String, String> own) throws IOException, InterruptedException {
        List<String> launcher = new ArrayList<>(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                sparkClassPath(),
                "org.apache.spark.launcher.Main"));
        if (command.get(0).endsWith("/bin/spark-submit")) {
            launcher.add("org.apache.spark.deploy.SparkSubmit");
        } else {
            assertThat(command.get(0)).endsWith("/bin/spark-class");
        }
        launcher.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(launcher).redirectError(ProcessBuilder.Redirect.DISCARD);
        putInto(builder.environment());
        builder.environment().putAll(own);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        String words = output.substring(output.indexOf("\0\n") + 2); // what is before are remarks for the user
        return Arrays.asList(words.substring(0, words.length() - 1).split("\0", -1));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Spark and what it brings; our classes come in the jar of the application, as in the image. */
    static String sparkClassPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !(entry.startsWith(Repository.ROOT.toString()) && entry.contains("/target")))
                .filter(entry -> IN_OUR_JAR.stream().noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
