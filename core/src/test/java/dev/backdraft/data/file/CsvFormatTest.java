package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.refusal;
import static dev.backdraft.data.file.TestFiles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Separators, files without a header, and parts without content. */
class CsvFormatTest {
    private static final CsvFormat WITHOUT_HEADER = CsvFormat.AUTO.withHeader(CsvFormat.Header.NONE);

    private static List<Example> read(List<DataFile> files, CsvFormat format) throws IOException {
        CsvSchema schema = CsvSchema.of(CsvReader.readHeader(files, format), null, null);
        ExampleSource source = ExampleFiles.csv(files, schema, format);
        List<Example> rows = new ArrayList<>();
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                rows.addAll(readAll(reader));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void usualSeparatorsAreRecognized(String separator) throws IOException {
        DataFile file = text("a.csv", "x,y\n0.5,2\n".replace(",", separator));
        assertThat(read(List.of(file), CsvFormat.AUTO))
                .extracting(Example::label)
                .containsExactly(2.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"a,b;c~2", "a;b|c|d~3", "a b~1", "\"a;b\"~1", "\"a;b\";\"c\"\"|,\"~2", "a~1", "é;ü;5\" ;x~4"})
    void theCommaIsTakenUnlessItGivesOneColumn(String header, int columns) throws IOException {
        assertThat(CsvReader.readHeader(text("a.csv", header))).hasSize(columns);
    }

    @Test
    void aSeparatorThatIsSetIsTaken() throws IOException {
        CsvFormat format = new CsvFormat(':', CsvFormat.Header.FIRST_LINE);
        assertThat(CsvReader.readHeader(text("a.csv", "a,b:c;d\n"), format)).containsExactly("a,b", "c;d");
        assertThatIllegalArgumentException().isThrownBy(() -> new CsvFormat('"', CsvFormat.Header.NONE));
    }

    @Test
    void columnsWithoutNamesAreNumberedAndTheFirstLineIsARow() throws IOException {
        DataFile file = text("a.csv", "0.5;1\n0.25;2\n");
        assertThat(CsvReader.readHeader(file, WITHOUT_HEADER)).containsExactly("c1", "c2");
        assertThat(read(List.of(file), WITHOUT_HEADER))
                .extracting(Example::label)
                .containsExactly(1.0, 2.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"1.5,2~true", "5~true", "1,2~false", "0,1,2~false", "0,1,y~false", "2,1~true", "1,~false"})
    void aFirstLineOfNumbersLooksLikeDataUnlessItCounts(String line, boolean isData) {
        assertThat(CsvFormat.looksLikeData(List.of(line.split(",", -1)))).isEqualTo(isData);
    }

    @Test
    void aFirstLineOfNumbersIsRefusedUnlessItIsSaidToBeTheHeader() throws IOException {
        DataFile file = text("a.csv", "1.5,2\n1,2\n");
        assertThat(refusal(() -> CsvReader.readHeader(file)))
                .isEqualTo(
                        "a.csv line 1: the first line looks like data, not like a header (1.5, 2): add a line with the"
                                + " names of the columns, or read the file as one without a header");
        assertThat(CsvReader.readHeader(file, CsvFormat.AUTO.withHeader(CsvFormat.Header.FIRST_LINE)))
                .containsExactly("1.5", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void partsWithoutContentHaveNoRows(int empty) throws IOException {
        for (CsvFormat format : List.of(CsvFormat.AUTO, WITHOUT_HEADER)) {
            String header = format.header() == CsvFormat.Header.NONE ? "" : "x,y\n";
            List<DataFile> files =
                    new ArrayList<>(List.of(text("a.csv", header + "0.5,1\n"), text("b.csv", header + "0.5,2\n")));
            files.add(empty, bytes("e.csv.gz", gzip(new byte[0])));
            assertThat(read(files, format)).extracting(Example::label).containsExactly(1.0, 2.0);
        }
    }

    @Test
    void filesWithoutAnyContentAreRefused() {
        List<DataFile> files = List.of(text("a.csv", ""), text("b.csv", ""));
        assertThat(refusal(() -> read(files, CsvFormat.AUTO))).startsWith("a.csv: this file and all others are empty");
        assertThat(refusal(() -> read(files.subList(0, 1), CsvFormat.AUTO))).startsWith("a.csv is empty");
    }

    @Test
    void filesWithoutAHeaderHaveTheSameNumberOfColumns() {
        List<DataFile> files = List.of(text("a.csv", "0.5,1\n"), text("b.csv", "0.5,1,2\n"));
        assertThat(refusal(() -> read(files, WITHOUT_HEADER)))
                .startsWith("b.csv: its first line has 3 cells instead of 2");
    }
}
