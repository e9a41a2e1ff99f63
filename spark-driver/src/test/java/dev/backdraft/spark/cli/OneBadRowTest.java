package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One bad row among a thousand, of each kind: the training is refused before it starts, and the message names the row;
 * or the row is skipped and counted, and the model has the bits of the other rows.
 */
class OneBadRowTest {
    private static final int ROWS = 1000;
    private static final int PLACE = 700; // rows before the bad one

    @TempDir
    private static Path directory;

    private static Shell shell;
    private static String hash; // of the weights of the good rows
    private static String sparseHash; // without weights of rows

    @BeforeAll
    static void trainOnGoodRows() throws IOException {
        shell = new Shell(directory);
        trains(write("clean.csv", csv(null)), "--weight", "w", "--out", shell.name("clean"));
        hash = shell.hash("clean");
        trains(write("clean.libsvm", libSvm(null)), "--out", shell.name("sparse"));
        sparseHash = shell.hash("sparse");
    }

    private static List<String> csv(String bad) {
        List<String> lines = new ArrayList<>(List.of("x,y,w,kind"));
        for (int i = 0; i < ROWS; i++) {
            lines.add(Math.sin(i) + i % 3 + "," + Math.cos(3 * i) + "," + (1 + i % 2) + "," + i % 3);
        }
        return with(lines, PLACE + 1, bad);
    }

    private static List<String> libSvm(String bad) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            lines.add(i % 3 + " 1:" + (Math.sin(i) + i % 3) + " 2:" + Math.cos(3 * i));
        }
        return with(lines, PLACE, bad);
    }

    private static List<String> with(List<String> lines, int at, String bad) {
        if (bad != null) {
            lines.add(at, bad);
        }
        return lines;
    }

    private static Path write(String name, List<String> lines) throws IOException {
        return shell.write(name, String.join("\n", lines) + "\n");
    }

    private static List<String> train(Path data, String... more) {
        List<String> all = new ArrayList<>(List.of("--layers", "2,3", "--epochs", "1", "--batch-size", "full"));
        all.addAll(List.of(more));
        return shell.train(data, all.toArray(new String[0]));
    }

    private static void trains(Path data, String... more) {
        shell.succeed(train(data, more).toArray(new String[0]));
    }

    private static String inDirectory(String message) {
        return message.replace("DIRECTORY", directory.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'1,2,1,'     | column 'kind' is empty                                    | with an empty cell",
                "',2,1,0'     | column 'x' is empty                                       | with an empty cell",
                "'1,2,,0'     | column 'w' is empty                                       | with an empty cell",
                "'NaN,2,1,0'  | column 'x': 'NaN' is not a finite number                  | with NaN",
                "'1,2,nan,0'  | column 'w': 'nan' is not a finite number                  | with NaN",
                "'1,+Inf,1,0' | column 'y': '+Inf' is not a finite number                 | infinite",
                "'1,-Inf,1,0' | column 'y': '-Inf' is not a finite number                 | infinite",
                "'1,1e39,1,0' | column 'y': '1e39' is beyond the range of a 32-bit float  | infinite",
                "'1,2,inf,0'  | column 'w': 'inf' is not a finite number                  | infinite",
                "'1,2,-inf,0' | column 'w': '-inf' is not a finite number                 | infinite",
                "'1,2,1e39,0' | column 'w': '1e39' is beyond the range of a 32-bit float  | infinite",
                "'1,2,1,1e39' | column 'kind': '1e39' is beyond the range of a 32-bit     | infinite",
            })
    void anInvalidValueInACsvFileIsRefusedOrSkipped(String row, String message, String counted) throws IOException {
        Path data = write("dirty.csv", csv(row));
        shell.refused(train(data, "--weight", "w"), "dirty.csv line 702, " + message, "(1 such row: 1 with ", counted);
        trains(data, "--weight", "w", "--invalid", "skip", "--overwrite", "--out", shell.name("skipped"));
        assertThat(shell.hash("skipped")).isEqualTo(hash);
        assertThat(shell.out()).contains("1 row skipped: 1 with ").contains(counted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'1,2,-1,0'    | dirty.csv line 702, column 'w': '-1' is negative: a weight is zero or more",
                "'1,2,many,0'  | dirty.csv line 702, column 'w': 'many' is not a number",
                "'1,four,1,0'  | dirty.csv line 702, column 'y': 'four' is not a number",
                "'1,2,1'       | dirty.csv line 702",
                "'1,2,1,0,5'   | dirty.csv line 702",
                "'1,2,1,3'     | label 3 in DIRECTORY/dirty.csv line 702 is out of range",
                "'1,2,1,-1'    | label -1 in DIRECTORY/dirty.csv line 702 is out of range",
                "'1,2,1,0.5'   | label 0.5 in DIRECTORY/dirty.csv line 702 is out of range",
                "'1,2,1,NaN'   | label 'NaN' in DIRECTORY/dirty.csv line 702 is not a number, but most labels are",
                "'1,2,1,one'   | label 'one' in DIRECTORY/dirty.csv line 702 is not a number, but most labels are",
            })
    void anotherMistakeInACsvFileIsRefusedInAnyCase(String row, String message) throws IOException {
        Path data = write("dirty.csv", csv(row));
        for (String invalid : List.of("error", "skip")) {
            shell.refused(train(data, "--weight", "w", "--invalid", invalid), inDirectory(message));
        }
    }

    /** There are no missing features, as a sparse row leaves zeros out, and no weights. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nan 1:1 2:1  | label: 'nan' is not a finite number                     | with NaN",
                "inf 1:1 2:1  | label: 'inf' is not a finite number                     | infinite",
                "0 1: 2:1     | index 1: ''                                             | with an empty cell",
                "0 1:nan 2:1  | index 1: 'nan' is not a finite number                   | with NaN",
                "0 1:1 2:inf  | index 2: 'inf' is not a finite number                   | infinite",
                "0 1:1 2:-inf | index 2: '-inf' is not a finite number                  | infinite",
                "0 1:1 2:1e39 | index 2: '1e39' is beyond the range of a 32-bit float   | infinite",
            })
    void anInvalidValueInALibSvmFileIsRefusedOrSkipped(String row, String message, String counted) throws IOException {
        Path data = write("dirty.libsvm", libSvm(row));
        shell.refused(train(data), "dirty.libsvm line 701: " + message, "(1 such row: 1 with ", counted);
        trains(data, "--invalid", "skip", "--overwrite", "--out", shell.name("skipped"));
        assertThat(shell.hash("skipped")).isEqualTo(sparseHash);
        assertThat(shell.out()).contains("1 row skipped: 1 with ").contains(counted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 1:1 3:1   | dirty.libsvm line 701 has 3 features, but the network takes 2",
                "0 0:1 2:1   | dirty.libsvm line 701: index '0' is below 1, the first",
                "0 2:1 1:1   | dirty.libsvm line 701: index 1 after index 2: indices must ascend",
                "1:1 2:1     | dirty.libsvm line 701: label: '1:1' is not a number",
                "0 1:1 2:two | dirty.libsvm line 701: index 2: 'two' is not a number",
                "3 1:1 2:1   | label 3 in DIRECTORY/dirty.libsvm line 701 is out of range",
                "-1 1:1 2:1  | label -1 in DIRECTORY/dirty.libsvm line 701 is out of range",
                "0.5 1:1 2:1 | label 0.5 in DIRECTORY/dirty.libsvm line 701 is out of range",
            })
    void anotherMistakeInALibSvmFileIsRefusedInAnyCase(String row, String message) throws IOException {
        Path data = write("dirty.libsvm", libSvm(row));
        for (String invalid : List.of("error", "skip")) {
            shell.refused(train(data, "--invalid", invalid), inDirectory(message));
        }
    }

    /** Rows are counted by their first invalid value. */
    @Test
    void aThousandRowsWithSeveralBadOnes() throws IOException {
        List<String> lines = csv(null);
        lines.addAll(101, List.of(",NaN,1,0", "NaN,,1,1", "1,inf,1,2"));
        lines.addAll(800, List.of("1,2,NaN,0", "1,2,1,"));
        Path data = write("several.csv", lines);
        String found = "(5 such rows: 2 with an empty cell, 2 with NaN, 1 with an infinite number";
        shell.refused(train(data, "--weight", "w"), "several.csv line 102, column 'x' is empty", found);
        shell.refused(train(data, "--weight", "w", "--aggregation", "job", "--master", "local[2]"), "is empty", found);
        trains(data, "--weight", "w", "--invalid", "skip", "--overwrite", "--out", shell.name("skipped"));
        assertThat(shell.hash("skipped")).isEqualTo(hash);
        assertThat(shell.out()).contains("5 rows skipped: 2 with an empty cell, 2 with NaN, 1 with an infinite number");
    }
}
