package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a local master, Spark takes part when its settings ask for what only it can show. */
class WatchedTest {
    @TempDir
    private Path directory;

    private final Map<String, String> settings = new HashMap<>();

    private void set(String key, String value) {
        settings.put(key, value);
        System.setProperty(key, value);
    }

    @AfterEach
    void clear() {
        settings.keySet().forEach(System::clearProperty);
    }

    private String train() throws IOException {
        StringBuilder csv = new StringBuilder("x,t\n");
        for (int i = 0; i < 40; i++) {
            csv.append(i % 9).append(',').append(i % 2).append('\n');
        }
        Path data = Files.writeString(directory.resolve("rows.csv"), csv);
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text, true);
        int code = Main.run(
                writer,
                writer,
                "train",
                "--data",
                data.toString(),
                "--layers",
                "1,1",
                "--epochs",
                "2",
                "--master",
                "local[2]",
                "--overwrite",
                "--out",
                directory.resolve("run").toString());
        assertThat(code).as(text.toString()).isZero();
        return text.toString()
                .lines()
                .filter(line -> line.contains("weights-sha256"))
                .toList()
                .get(0);
    }

    @Test
    void thePlugInAndItsSinkShowATrainingOnALocalMaster() throws IOException {
        String hash = train();
        Path metrics = Files.createDirectories(directory.resolve("metrics"));
        set("spark.plugins", "dev.backdraft.spark.BackdraftPlugin");
        set("spark.metrics.conf.driver.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink");
        set("spark.metrics.conf.driver.sink.csv.directory", metrics.toString());
        set("spark.metrics.conf.driver.sink.csv.period", "1");
        assertThat(train()).as("the same bits").isEqualTo(hash);
        try (Stream<Path> files = Files.list(metrics)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.endsWith("BackdraftPlugin.epoch.csv"));
        }
    }

    @Test
    void theEventLogIsWrittenOnALocalMaster() throws IOException {
        Path events = Files.createDirectories(directory.resolve("events"));
        set("spark.eventLog.enabled", "true");
        set("spark.eventLog.dir", events.toUri().toString());
        train();
        try (Stream<Path> files = Files.list(events)) {
            List<Path> logs = files.toList();
            assertThat(logs).isNotEmpty();
        }
    }

    @Test
    void eachOfTheSettingsCounts() {
        assertThat(Sessions.isWatched()).isFalse();
        for (String key :
                List.of("spark.ui.enabled", "spark.eventLog.enabled", "spark.plugins", "spark.metrics.conf")) {
            set(key, "true");
            assertThat(Sessions.isWatched()).as(key).isTrue();
            System.clearProperty(key);
        }
        set("spark.ui.enabled", "false");
        assertThat(Sessions.isWatched()).isFalse();
    }
}
