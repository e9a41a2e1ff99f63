package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.spark.cli.Shell;
import dev.backdraft.spark.engine.Clusters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training on a cluster with authentication writes neither Spark's secret nor the token of its own connections
 * anywhere: into no file of the run, no event log, no output, and no log of driver or executors.
 */
@Tag("slow")
@Tag("alone")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class SecretsTest {
    private static final String SECRET = "open-sesame-4711-of-this-test";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @TempDir
    private Path directory;

    private SparkConf conf(RecordingProxy rpc, RecordingProxy blocks, RecordingProxy driver) throws IOException {
        Path logging = Files.writeString(
                directory.resolve("log4j2.properties"),
                """
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                logger.ours.name = dev.backdraft
                logger.ours.level = trace
                appender.console.type = Console
                appender.console.name = console
                appender.console.target = SYSTEM_ERR
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %c{1}: %m%n%ex
                """);
        return Clusters.conf(1, 1)
                .set(
                        "spark.executor.extraJavaOptions",
                        StandaloneCluster.QUICK_START + " -Dlog4j2.configurationFile=" + logging)
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", SECRET)
                .set("spark.eventLog.enabled", "true")
                .set("spark.eventLog.compress", "false")
                .set(
                        "spark.eventLog.dir",
                        Files.createDirectory(directory.resolve("events"))
                                .toUri()
                                .toString())
                .set("spark.driver.host", RecordingProxy.HOST)
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.port", Integer.toString(rpc.port()))
                .set("spark.driver.blockManager.port", Integer.toString(blocks.port()))
                .set("spark.backdraft.port", Integer.toString(driver.port()));
    }

    /** What the driver logs, with all that is ours. */
    private static final class Log extends AbstractAppender implements AutoCloseable {
        private final StringBuilder text = new StringBuilder();
        private final Logger root = (Logger) LogManager.getRootLogger();

        Log() {
            super("log", null, null, true, Property.EMPTY_ARRAY);
            start();
            root.addAppender(this);
            Configurator.setLevel("dev.backdraft", Level.TRACE);
        }

        @Override
        public synchronized void append(LogEvent event) {
            text.append(event.getMessage().getFormattedMessage()).append('\n');
            if (event.getThrown() != null) {
                text.append(event.getThrown()).append('\n');
            }
        }

        synchronized String text() {
            return text.toString();
        }

        @Override
        public void close() {
            root.removeAppender(this);
            Configurator.setLevel("dev.backdraft", (Level) null);
            stop();
        }
    }

    private static void addFiles(Map<String, String> texts, Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(from.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** The token, and the keys of shared memory, which executors send. */
    private static Set<String> tokens(RecordingProxy driver) {
        Set<String> tokens = new TreeSet<>();
        for (byte[] sent : driver.recorded()) {
            Matcher matcher = UUID.matcher(new String(sent, StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                tokens.add(matcher.group());
            }
        }
        return tokens;
    }

    @Test
    void neitherTheSecretNorTheTokenIsWrittenAnywhere() throws Exception {
        Map<String, String> texts = new TreeMap<>();
        Set<String> secrets;
        String application;
        try (RecordingProxy rpc = new RecordingProxy();
                RecordingProxy blocks = new RecordingProxy();
                RecordingProxy driver = new RecordingProxy();
                Log log = new Log();
                JavaSparkContext spark = new JavaSparkContext(conf(rpc, blocks, driver))) {
            application = spark.sc().applicationId();
            Shell shell = new Shell(directory);
            shell.trains(
                    shell.points("points.csv", 100),
                    "--master=local-cluster[1,1,512]", // which runs already
                    "--aggregation=resident",
                    "--checkpoint-every=1",
                    "--verbose");
            texts.put("out", shell.out());
            texts.put("err", shell.err());
            spark.stop();
            texts.put("log", log.text());
            secrets = tokens(driver);
        }
        assertThat(secrets).as("tokens on the wire").isNotEmpty();
        secrets.add(SECRET);
        addFiles(texts, directory);
        addFiles(texts, Path.of(System.getenv("SPARK_HOME"), "work", application));
        texts.remove("log4j2.properties");

        assertThat(texts).containsKeys("run/config.json", "run/model.backdraft", "0/stderr");
        assertThat(texts.keySet()).anyMatch(name -> name.startsWith("run/checkpoints/step-"));
        String events = texts.entrySet().stream()
                .filter(file -> file.getKey().startsWith("events/"))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining());
        assertThat(events)
                .contains("\"spark.authenticate.secret\":\"*********(redacted)\"", "SparkListenerApplicationEnd");
        assertThat(texts.get("0/stderr")).contains("ExecutorEndpoint");
        assertThat(texts.get("log")).contains("listening on " + RecordingProxy.HOST);
        texts.forEach((name, text) -> {
            for (String secret : secrets) {
                assertThat(text.contains(secret)).as("%s in %s", secret, name).isFalse();
            }
        });
    }
}
