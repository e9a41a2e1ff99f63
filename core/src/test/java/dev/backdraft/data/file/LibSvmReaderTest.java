package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.readCsv;
import static dev.backdraft.data.file.TestFiles.refusal;
import static dev.backdraft.data.file.TestFiles.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backdraft.data.Example;
import dev.backdraft.data.RowKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibSvmReaderTest {
    private static final String ROWS =
            """
            # a comment line

            +1 1:0.5 7:-2e3 # and one behind a row
            -1\t2:-0  \t

            3.5
            """;

    @Test
    void readsSparseRowsWithIndicesFromZero() throws IOException {
        List<Example> rows = read(text("a.svm", ROWS));

        assertThat(rows).extracting(Example::label).containsExactly(1.0, -1.0, 3.5);
        assertThat(rows).extracting(Example::indices).containsExactly(new int[] {0, 6}, new int[] {1}, new int[] {});
        assertThat(rows)
                .extracting(Example::values)
                .containsExactly(new float[] {0.5f, -2000}, new float[] {0}, new float[] {});
        assertThat(Float.floatToRawIntBits(rows.get(1).values()[0])).isZero(); // −0 became 0
        assertThat(rows).extracting(Example::width).containsExactly(7, 2, 0);
        assertThat(rows).extracting(Example::labelText).containsOnlyNulls();
    }

    @Test
    void gzipByteOrderMarkAndLineEndsMakeNoDifference() throws IOException {
        String other = "\uFEFF" + ROWS.replace("\n", "\r\n").stripTrailing();

        assertThat(read(bytes("a.svm.gz", gzip(other.getBytes(UTF_8)))))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(read(text("a.svm", ROWS)));
    }

    @Test
    void aFileWithoutRowsHasNone() throws IOException {
        assertThat(read(text("a.svm", ""))).isEmpty();
        assertThat(read(text("a.svm", "# nothing\n\n"))).isEmpty();
    }

    @Test
    void aSparseRowIsTheDenseRowWithTheSameFeatures() throws IOException {
        int width = 30;
        Random random = new Random(1);
        StringBuilder sparse = new StringBuilder();
        StringBuilder dense = new StringBuilder("x0");
        for (int i = 1; i < width; i++) {
            dense.append(",x").append(i);
        }
        dense.append(",y\n");
        for (int row = 0; row < 50; row++) {
            sparse.append(row);
            for (int i = 0; i < width; i++) {
                float value = random.nextInt(3) == 0 ? (float) random.nextGaussian() : 0;
                sparse.append(value == 0 ? "" : " " + (i + 1) + ":" + value);
                dense.append(value).append(',');
            }
            sparse.append('\n');
            dense.append(row).append('\n');
        }

        List<Example> fromSparse = read(text("a.svm", sparse.toString()));
        List<Example> fromDense = readCsv(text("a.csv", dense.toString()));

        assertThat(fromSparse).hasSameSizeAs(fromDense);
        for (int row = 0; row < 50; row++) {
            Example s = fromSparse.get(row);
            Example d = fromDense.get(row);
            assertThat(features(s, width)).isEqualTo(features(d, width));
            assertThat(s.label()).isEqualTo(d.label());
            assertThat(RowKey.of(1, s, row)).isEqualTo(RowKey.of(1, d, row));
        }
    }

    @Test
    void keepsWhatAFloatLoses() throws IOException {
        Example row = read(text("a.svm", "1e15 2:1699999988.212 3:-0\n")).get(0);

        assertThat(row.values()).containsExactly(1.7e9f, 0);
        assertThat(row.value(1)).isEqualTo(1699999988.212);
        assertThat(row.value(0)).isZero();
        assertThat(row.label(0)).isEqualTo(1e15);
    }

    @Test
    void rowsMayHaveManyEntries() throws IOException {
        StringBuilder row = new StringBuilder("1");
        for (int i = 1; i <= 1000; i++) {
            row.append(' ').append(i * 2_000_000).append(':').append(i);
        }

        Example read = read(text("a.svm", row.toString())).get(0);

        assertThat(read.indices()).hasSize(1000).endsWith(1_999_999_999);
        assertThat(read.values()).hasSize(1000).endsWith(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cat 1:1   | label: 'cat' is not a number: correct it or remove the row",
                "1,2 1:1   | label: '1,2' is not a number: correct it or remove the row",
                "nan 1:1   | label: 'nan' is not a finite number: correct it or remove the row",
                "1 2       | '2' is not index:value",
                "1 :2      | index '' is not a whole number",
                "1 qid:2   | 'qid:2': query identifiers are for ranking, which is not supported: remove them to train on the"
                        + " rows as they are",
                "1 1.5:2   | index '1.5' is not a whole number",
                "1 0:2     | index '0' is below 1, the first",
                "1 -3:2    | index '-3' is below 1, the first",
                "1 11:2    | index '11' is above 10, the number of features",
                "1 99999999999:2 | index '99999999999' is above 10, the number of features",
                "1 3:1 2:1 | index 2 after index 3: indices must ascend",
                "1 3:1 3:1 | index 3 after index 3: indices must ascend",
                "1 3:      | index 3: '' is not a finite number: correct it or remove the row",
                "1 3:x     | index 3: 'x' is not a number: correct it or remove the row",
                "1 3:1:1   | index 3: '1:1' is not a number: correct it or remove the row",
                "1 3:-inf  | index 3: '-inf' is not a finite number: correct it or remove the row",
                "1 3:-1e39 | index 3: '-1e39' is beyond the range of a 32-bit float: scale the data down",
            })
    void namesTheFirstFaultOfALineAndReadsOnBehindIt(String badLine, String fault) throws IOException {
        try (LibSvmReader reader = new LibSvmReader(text("a.svm", "1 1:1\n# c\n" + badLine + "\n2 10:2\n"), 10)) {
            reader.read();
            assertThat(reader.where()).isEqualTo("a.svm line 1");
            assertThat(refusal(reader::read)).isEqualTo("a.svm line 3: " + fault);
            assertThat(reader.read().indices()).containsExactly(9);
            assertThat(reader.read()).isNull();
            assertThat(reader.where()).isEqualTo("a.svm line 4"); // still of the last row
        }
    }

    @Test
    void labelsThatAreNotWantedMayBeMissingOrAnything() throws IOException {
        DataFile file = text("a.svm", "? 1:0.5\n2:1\n7\n");
        try (LibSvmReader reader = LibSvmReader.withoutLabels(file)) {
            List<Example> rows = TestFiles.readAll(reader);
            assertThat(rows).extracting(Example::label).containsOnly(Double.NaN);
            assertThat(rows).extracting(Example::indices).containsExactly(new int[] {0}, new int[] {1}, new int[0]);
        }
        assertThat(refusal(() -> read(file))).startsWith("a.svm line 1: label: '?'");
    }

    @Test
    void gzipThatIsCutShortIsRefused() {
        byte[] whole = gzip("1 1:1\n".repeat(100_000).getBytes(UTF_8));

        assertThat(refusal(() -> read(bytes("a.svm.gz", Arrays.copyOf(whole, whole.length - 10)))))
                .matches("a.svm.gz: after line \\d+: the gzip data is incomplete or damaged .*");
    }

    @Test
    void aRowHasAtLeastOneFeature() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LibSvmReader(text("a.svm", ""), 0))
                .withMessage("feature count must be positive: 0");
    }

    private static List<Example> read(DataFile file) throws IOException {
        try (LibSvmReader reader = new LibSvmReader(file)) {
            return readAll(reader);
        }
    }

    private static float[] features(Example row, int width) {
        float[] features = new float[width + 2];
        Arrays.fill(features, Float.NaN); // a row writes its own part, all of it and nothing else
        row.copyTo(features, 1, width);
        return features;
    }
}
