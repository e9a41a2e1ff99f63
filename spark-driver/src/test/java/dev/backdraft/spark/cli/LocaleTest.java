package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands print and write does not depend on the language of the machine. */
class LocaleTest {
    @TempDir
    private Path directory;

    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "tr-TR", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"})
    void printsAndWritesTheSameBytesInEveryLocale(String tag) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Map<String, String> expected = trainEvaluatePredict();
        Locale.setDefault(Locale.forLanguageTag(tag));
        trainEvaluatePredict().forEach((name, text) -> assertThat(text.lines().toList())
                .as(name)
                .isEqualTo(expected.get(name).lines().toList()));
    }

    @Test
    void readsNamesOfSettingsInTurkish() throws IOException {
        Locale.setDefault(Locale.forLanguageTag("tr-TR")); // whose small I has no dot
        Path data = Files.writeString(directory.resolve("rows.LIBSVM"), "0 1:1\n1 2:1\n0 1:2\n1 2:2\n");
        StringWriter text = new StringWriter();
        run(
                text,
                "train",
                "--data",
                data.toString(),
                "--layers",
                "2,1",
                "--epochs",
                "1",
                "--out",
                directory.resolve("run").toString());
        assertThat(text.toString()).contains("weights-sha256");
    }

    private Map<String, String> trainEvaluatePredict() throws IOException {
        Path data = directory.resolve("points.csv");
        StringBuilder csv = new StringBuilder("x,i,kind\n");
        for (int n = 0; n < 1200; n++) {
            csv.append(n % 7 - 3.25)
                    .append(',')
                    .append(n % 5 * 1.5)
                    .append(',')
                    .append(n % 7 > 3 ? "I" : "i")
                    .append('\n');
        }
        Files.writeString(data, csv);
        Path run = directory.resolve("run");
        Path predictions = directory.resolve("predictions.csv");
        String model = run.resolve("model.backdraft").toString();
        StringWriter text = new StringWriter();
        run(
                text,
                "train",
                "--data",
                data.toString(),
                "--layers",
                "2,3,2",
                "--epochs",
                "2",
                "--validation",
                "0.25",
                "--standardize",
                "--overwrite",
                "--out",
                run.toString());
        run(text, "evaluate", "--model", model, "--data", data.toString());
        run(
                text,
                "predict",
                "--model",
                model,
                "--data",
                data.toString(),
                "--overwrite",
                "--out",
                predictions.toString());
        run(text, "inspect", model);
        run(text, "check-gradient", "--data", data.toString(), "--layers", "2,3,2", "--rows", "20");
        run(text, "train", "--help");
        Map<String, String> written = new TreeMap<>();
        written.put("printed", withoutTimes(text.toString()));
        for (String name : new String[] {"model.backdraft", "config.json"}) {
            written.put(name, Files.readString(run.resolve(name), StandardCharsets.ISO_8859_1));
        }
        written.put("history.csv", withoutSeconds(Files.readString(run.resolve("history.csv"))));
        written.put("predictions.csv", Files.readString(predictions));
        return written;
    }

    private static void run(StringWriter text, String... arguments) {
        PrintWriter writer = new PrintWriter(text, true);
        assertThat(Main.run(writer, writer, arguments)).as(text.toString()).isZero();
    }

    /** Of "1,234 rows/s", "0.1 s" and the like, the digits that a clock gives. */
    private static String withoutTimes(String text) {
        return text.replaceAll("[0-9][0-9.,:]* (rows/s|m?s|µs|MB|%|left)", "N $1")
                .replaceAll("[0-9]+:[0-9:]+", "N");
    }

    /** The columns before the clock's, and what characters those have. */
    private static String withoutSeconds(String csv) {
        assertThat(csv).matches("[\\x00-\\x7f]*");
        List<String> lines = csv.lines().toList();
        int clock = Arrays.asList(lines.get(0).split(",", -1)).indexOf("rows_per_second");
        return lines.stream()
                .map(line -> {
                    List<String> cells = Arrays.asList(line.split(",", -1));
                    return cells.size() + ": " + cells.subList(0, clock);
                })
                .collect(Collectors.joining("\n"));
    }
}
