package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands say about data and settings from which nothing, or nothing sensible, can be learned. */
class MessagesTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private String[] train(Path data, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--data", data.toString(), "--epochs", "2", "--overwrite"));
        arguments.addAll(
                List.of("--layers", "2,1", "--out", directory.resolve("run").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(new String[0]);
    }

    private String model() {
        return directory.resolve("run").resolve("model.backdraft").toString();
    }

    private void assertRefused(int code, String message, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).as(err.toString()).isEqualTo(code);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    }

    private Path rows(String name, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("x,y,t\n");
        for (int i = 0; i < rows; i++) {
            csv.append(i % 7 - 3).append('.').append(i).append(',').append(i % 5);
            csv.append(i % 2 == 0 ? ",0\n" : ",1\n");
        }
        return write(name, csv.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job", "resident"})
    void aShareThatKeepsNoRowsBackIsRefused(String aggregation) throws IOException {
        Path data = rows("rows.csv", 60);
        assertRefused(
                2,
                "the fraction 1.0E-4 selects none of 60 rows for validation",
                train(data, "--validation", "0.0001", "--master", "local[2]", "--aggregation", aggregation));
        assertRefused(
                2,
                "selects all 60 rows for validation",
                train(data, "--validation", "0.9999", "--master", "local[2]", "--aggregation", aggregation));
        Path equal = write("equal.csv", "x,y,t\n" + "1,2,0\n1,2,1\n".repeat(30));
        assertRefused(
                2,
                "rows with equal features stay together",
                train(equal, "--validation", "0.2", "--master", "local[2]", "--aggregation", aggregation));
    }

    @Test
    void aMetricWithoutAValueIsNamedOnce() throws IOException {
        Path data = rows("rows.csv", 60);
        Path one = write("one.csv", "x,y,t\n1,2,1\n2,1,1\n");
        assertThat(run(train(data, "--validation", one.toString(), "--metrics", "roc-auc")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).containsOnlyOnce("roc-auc: undefined on the validation rows, because all of them");
        assertThat(run("evaluate", "--model", model(), "--data", one.toString()))
                .isZero();
        assertThat(out.toString()).contains("roc-auc: undefined on these rows").doesNotContain("NaN");
    }

    @Test
    void weightsThatAreAllZeroOrTooLargeAreNamed() throws IOException {
        for (String weight : List.of("0", "1e-50")) {
            Path zero = write("zero.csv", "x,y,w,t\n" + ("1,2," + weight + ",0\n2,1," + weight + ",1\n").repeat(3));
            for (String aggregation : List.of("local", "job")) {
                assertRefused(
                        2,
                        "zero.csv: no rows to train on: all 6 rows have weight 0",
                        train(zero, "--weight", "w", "--master", "local[2]", "--aggregation", aggregation));
            }
        }
        Path large = write("large.csv", "x,y,w,t\n" + "1,2,1e38,0\n2,-1,1e38,1\n-3,1,1e38,0\n".repeat(5));
        assertRefused(3, "scale the weight column down", train(large, "--weight", "w", "--learning-rate", "0.1"));
    }

    @Test
    void aRowOfAnotherWidthIsNamedByFileAndLine() throws IOException {
        Path data = write("rows.libsvm", "0 1:1\n1 2:1\n0 1:2\n1 2:2\n");
        Path wide = write("wide.libsvm", "0 1:1\n1 2:1 3:1\n");
        assertThat(run(train(data))).as(err.toString()).isZero();
        assertRefused(
                2,
                "wide.libsvm line 2 has 3 features, but the model takes 2",
                "evaluate",
                "--model",
                model(),
                "--data",
                wide.toString());
        assertRefused(
                2,
                "wide.libsvm line 2 has 3 features, but the model takes 2",
                "predict",
                "--model",
                model(),
                "--data",
                wide.toString(),
                "--out",
                directory.resolve("p.csv").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"epochs\": ",
                "{\"epochs\": 2 \"seed\": 1}",
                "{\"epochs\": 02}",
                "{\"epochs\": NaN}",
                "{\"epochs\": +1}",
                "{\"epochs\": .5}",
                "{'epochs': 2}",
                "{epochs: 2}",
                "{\"data\": \"a\u0001b\"}",
                "{\"data\": \"a\\qb\"}",
                "{\"epochs\": 2} {}",
                "{\"epochs\": 2}}",
                "{\"epochs\": 1, \"epochs\": 2}",
                "# epochs\n{}",
                "{\"epochs\": tru}",
                "[1, 2",
                ""
            })
    void whatIsWrongWithJsonIsSaidInWords(String text) throws IOException {
        Path config = write("config.json", text);
        err.getBuffer().setLength(0);
        assertThat(run(train(rows("rows.csv", 10), "--config", config.toString())))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("config.json")
                .doesNotContainPattern("Source|REDACTED|Feature|fasterxml|Jackson|code \\d|\tat ");
    }

    @Test
    void aByteOrderMarkBeforeJsonDoesNotMatter() throws IOException {
        Path config = write("config.json", "\uFEFF{\"epochs\": 1}");
        assertThat(run(train(rows("rows.csv", 10), "--config", config.toString())))
                .as(err.toString())
                .isZero();
    }

    @Test
    void filesThatAreNoTablesAreNamed() throws IOException {
        Path header = write("header.csv", "x,y,t\n");
        for (String aggregation : List.of("local", "job")) {
            assertRefused(
                    2,
                    "header.csv: no rows to train on: the file is empty, or has only a header",
                    train(header, "--master", "local[2]", "--aggregation", aggregation));
        }
        Path comment = write("comment.csv", "# a table\nx,y,t\n1,2,0\n");
        assertRefused(2, "comment.csv line 1: the first line starts with '#'", train(comment));
        Path large = write("large.csv", "x,y,t\n1,2,0\n1,2," + "a".repeat(20_000_000) + "\n");
        assertRefused(2, "large.csv line ", train(large));
        assertThat(err.toString())
                .contains("is longer than 16 million characters")
                .hasSizeLessThan(1000);
    }

    @Test
    void truthIsOneAndFalsehoodZero() throws IOException {
        Path words = write("words.csv", "x,y,t\n" + "true,False,0\nFALSE, true ,1\n".repeat(5));
        Path numbers = write("numbers.csv", "x,y,t\n" + "1,0,0\n0,1,1\n".repeat(5));
        assertThat(run(train(words))).as(err.toString()).isZero();
        byte[] model = Files.readAllBytes(Path.of(model()));
        assertThat(run(train(numbers))).isZero();
        assertThat(Files.readAllBytes(Path.of(model()))).isEqualTo(model);
        assertRefused(2, "column 'x': 'maybe'", train(write("maybe.csv", "x,y,t\nmaybe,1,0\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.csv.gz", "rows.csv.GZ", "ROWS.CSV.Gz", "rows.csv"})
    void compressedFilesAreUnpackedOrNamed(String name) throws IOException {
        byte[] text = Files.readString(rows("plain.csv", 20)).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
            zipped.write(text);
        }
        Path data = Files.write(directory.resolve(name), bytes.toByteArray());
        for (String aggregation : List.of("local", "job")) {
            String[] arguments = train(data, "--master", "local[2]", "--aggregation", aggregation);
            if (name.endsWith(".csv")) {
                assertRefused(2, "rows.csv: is compressed with gzip, but its name does not end in .gz", arguments);
            } else {
                assertThat(run(arguments)).as(err.toString()).isZero();
            }
        }
    }
}
