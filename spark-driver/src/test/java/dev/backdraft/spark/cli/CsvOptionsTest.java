package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV with other separators and without a header: training, evaluation and prediction. */
class CsvOptionsTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path points;
    private String hash;

    @BeforeEach
    void trainOnCommas() throws IOException {
        shell = new Shell(directory);
        points = shell.points("points.csv", 40);
        shell.trains(points);
        hash = shell.hash("run");
    }

    private Path separated(String separator) throws IOException {
        return shell.write("other.csv", Files.readString(points).replace(",", separator));
    }

    /** Everything that reads rows gives what it gives for commas. */
    private void isReadAs(Path data, String... options) throws IOException {
        for (String aggregation : new String[] {"local", "job"}) {
            shell.trains(data, with(options, "--aggregation", aggregation, "--overwrite"));
            assertThat(shell.hash("run")).isEqualTo(hash);
        }
        shell.succeed(with(options, "evaluate", "--model", shell.name("run"), "--data", data.toString()));
        assertThat(shell.out()).contains("rows: 40");
        shell.succeed(with(
                options,
                "predict",
                "--model",
                shell.name("run"),
                "--data",
                data.toString(),
                "--out",
                shell.name("p.csv"),
                "--overwrite"));
        assertThat(Files.readAllLines(shell.path("p.csv"))).hasSize(41);
    }

    private static String[] with(String[] options, String... first) {
        String[] all = Arrays.copyOf(first, first.length + options.length);
        System.arraycopy(options, 0, all, first.length, options.length);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|"})
    void usualSeparatorsAreRecognized(String separator) throws IOException {
        isReadAs(separated(separator));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"':'~':'", "' '~space", "'\t'~TAB"})
    void anySeparatorCanBeNamed(String separator, String option) throws IOException {
        isReadAs(separated(separator), "--separator", option);
    }

    @ParameterizedTest
    @CsvSource({"ab, is not one character", "'\"', cannot separate cells"})
    void whatCannotSeparateIsRefused(String separator, String message) {
        assertThat(shell.run(shell.train(points, "--separator", separator, "--overwrite")
                        .toArray(new String[0])))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--separator: ", message).hasLineCount(1);
    }

    @Test
    void aFirstLineOfNumbersIsQuestioned() throws IOException {
        shell.write("numbers.csv", "1.5,2,0\n2.5,1,1\n3,2,1\n");
        List<String> train = shell.train(shell.path("numbers.csv"), "--out", shell.name("other"));
        assertThat(shell.run(train.toArray(new String[0]))).isEqualTo(2);
        assertThat(shell.err())
                .contains("numbers.csv: the first line looks like data", "(1.5, 2, 0)", "--no-header", "--header")
                .hasLineCount(1);

        for (String option : new String[] {"--no-header", "--header"}) {
            boolean header = "--header".equals(option);
            shell.trains(shell.path("numbers.csv"), option, "--overwrite");
            assertThat(shell.config("run").path("header").booleanValue()).isEqualTo(header);
            shell.succeed("evaluate", "--model", shell.name("run"), "--data", shell.name("numbers.csv"), option);
            assertThat(shell.out()).contains(header ? "rows: 2" : "rows: 3");
        }
        shell.write("counted.csv", "0,1,2\n2.5,1,1\n3,2,0\n"); // as programs number columns
        shell.trains(shell.path("counted.csv"), "--overwrite");
    }

    @Test
    void filesWithoutAHeaderAreReadFromTheirFirstLine() throws IOException {
        List<String> rows = Files.readAllLines(points).subList(1, 41);
        Path data = Files.createDirectory(shell.path("parts"));
        Files.write(data.resolve("part-0.csv"), rows.subList(0, 15));
        shell.write("parts/part-1.csv", "");
        Files.write(data.resolve("part-2.csv"), rows.subList(15, 40));
        isReadAs(data, "--no-header");

        shell.write("parts/part-3.csv", "1,2,3,a\n");
        assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", data.toString(), "--no-header"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("part-3.csv: its first line has 4 cells instead of 3");
    }
}
