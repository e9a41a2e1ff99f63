package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readCsv;
import static dev.backdraft.data.file.TestFiles.refusal;
import static dev.backdraft.data.file.TestFiles.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file is said with file, line, column, the value found and what to do. */
class CsvRefusalTest {
    private static final List<String> HEADER = List.of("x", "w", "y");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abc,1,2   | , column 'x': 'abc' is not a number, but features must be numbers: correct it, or train without the column",
                "NaN,1,2   | , column 'x': 'NaN' is not a finite number: correct it or remove the row",
                "Infinity,1,2 | , column 'x': 'Infinity' is not a finite number: correct it or remove the row",
                ",1,2      | , column 'x' is empty: fill it in or remove the row",
                "\"\",1,2  | , column 'x' is empty: fill it in or remove the row",
                "1e39,1,2  | , column 'x': '1e39' is beyond the range of a 32-bit float: scale the data down",
                "1e999,1,2 | , column 'x': '1e999' is beyond the range of a 32-bit float: scale the data down",
                "1,-1,2    | , column 'w': '-1' is negative: a weight is zero or more",
                "1,,2      | , column 'w' is empty: fill it in or remove the row",
                "1,nan,2   | , column 'w': 'nan' is not a finite number: correct it or remove the row",
                "1,1,      | , column 'y' is empty: fill it in or remove the row",
                "1,1,\" \" | , column 'y' is empty: fill it in or remove the row",
                "1,1,1e39  | , column 'y': '1e39' is beyond the range of a 32-bit float: scale the data down",
                "1,1,-1e999 | , column 'y': '-1e999' is beyond the range of a 32-bit float: scale the data down",
                "a,b,      | , column 'x': 'a' is not a number, but features must be numbers: correct it, or train without the column",
                "1,b,2     | , column 'w': 'b' is not a number, but weights must be numbers: correct it or remove the row",
                "1,1       | : 2 fields, but there are 3 columns: complete or remove the row",
                "1,1,2,    | : 4 fields, but there are 3 columns: complete or remove the row",
                "a,1,2,3,4 | : 5 fields, but there are 3 columns: complete or remove the row",
            })
    void namesTheFirstFaultOfARowAndReadsOnBehindIt(String badRow, String fault) throws IOException {
        DataFile file = text("a.csv", "x,w,y\n1,1,1\n\n" + badRow + "\n3,0.5,3\n");

        try (CsvReader reader = new CsvReader(file, CsvSchema.of(HEADER, "y", "w"))) {
            assertThat(reader.read().values()).containsExactly(1);
            assertThat(refusal(reader::read)).isEqualTo("a.csv line 4" + fault);
            Example next = reader.read();
            assertThat(next.values()).containsExactly(3);
            assertThat(next.weight()).isEqualTo(0.5f);
            assertThat(next.labelText()).isEqualTo("3");
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void aLongValueIsShortened() {
        assertThat(refusal(() -> readCsv(text("a.csv", "x,y\n" + "z".repeat(1000) + ",1\n"))))
                .isEqualTo("a.csv line 2, column 'x': '" + "z".repeat(40)
                        + "…' is not a number, but features must be numbers: correct it, or train without the column");
    }

    @Test
    void whatIsWrongIsAlsoSaidWithoutWords() {
        DataException text = thrown("city,age,kind\nsilver,3,a\n");
        assertThat(text.reason()).isEqualTo(DataException.Reason.TEXT_FEATURE);
        assertThat(text.column()).isEqualTo("city");
        assertThat(text.text()).isEqualTo("silver");
        assertThat(text.invalidValue()).isNull();
        DataException placed = text.in("all.csv");
        assertThat(placed).hasMessageStartingWith("all.csv: a.csv line 2, column 'city'");
        assertThat(placed.reason()).isEqualTo(text.reason());
        assertThat(placed.column()).isEqualTo("city");

        DataException empty = thrown("city,age,kind\n1,,a\n");
        assertThat(empty.reason()).isEqualTo(DataException.Reason.INVALID_VALUE);
        assertThat(empty.invalidValue()).isEqualTo(InvalidValue.MISSING);
        assertThat(empty.column()).isNull();
    }

    private static DataException thrown(String csv) {
        return catchThrowableOfType(DataException.class, () -> readCsv(text("a.csv", csv)));
    }

    @Test
    void percentSignsInDataDoNotUpsetTheMessage() {
        assertThat(refusal(() -> readCsv(text("100%.csv", "%s,y\n5%d,1\n"))))
                .startsWith("100%.csv line 2, column '%s': '5%d'");
    }

    @ParameterizedTest
    @CsvSource({"''", "'\n\n'", "'  \n'", "'\uFEFF'"})
    void anEmptyFileIsRefused(String content) {
        assertThat(refusal(() -> CsvReader.readHeader(text("a.csv", content))))
                .isEqualTo("a.csv is empty: a CSV file starts with a header line");
    }

    @Test
    void columnsNeedNamesAndDifferentOnes() {
        assertThat(refusal(() -> CsvReader.readHeader(text("a.csv", "\na,b,a\n"))))
                .isEqualTo("a.csv line 2: the header names columns 1 and 3 'a': every column needs a unique name");
        assertThat(refusal(() -> CsvReader.readHeader(text("a.csv", "a,,b\n"))))
                .isEqualTo("a.csv line 1: column 2 of the header has no name");
        assertThat(refusal(() -> CsvReader.readHeader(text("a.csv", "a,b,\n"))))
                .isEqualTo("a.csv line 1: column 3 of the header has no name");
    }

    @Test
    void everyFileOfASetHasTheSameHeader() {
        CsvSchema schema = CsvSchema.of(HEADER, null, null);

        assertThat(refusal(() -> new CsvReader(text("part-2.csv", "x,v,y\n"), schema)))
                .isEqualTo(
                        "part-2.csv: the header differs from the expected one in column 2 ('v' instead of 'w'): found"
                                + " x, v, y; expected x, w, y");
        assertThat(refusal(() -> new CsvReader(text("part-2.csv", "x,w\n"), schema)))
                .contains("in column 3 (none instead of 'y')");
        assertThat(refusal(() -> new CsvReader(text("part-2.csv", "x,w,y,z\n"), schema)))
                .contains("in column 4 ('z' instead of none)");
    }

    @Test
    void longHeadersAreShortenedButTheDifferenceIsShown() {
        List<String> wide = IntStream.range(0, 785).mapToObj(i -> "p" + i).toList();
        String other =
                wide.stream().map(name -> name.equals("p500") ? "q" : name).collect(Collectors.joining(","));

        assertThat(refusal(() -> new CsvReader(text("a.csv", other), CsvSchema.of(wide, null, null))))
                .contains("in column 501 ('q' instead of 'p500')", "p18 … p784 (785 in all)")
                .doesNotContain("p400");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThat(refusal(() -> readCsv(bytes("a.csv", "x,y\n1,café\n".getBytes(ISO_8859_1)))))
                .isEqualTo("a.csv: in or after line 1: not UTF-8 text: save the file as UTF-8");
        assertThat(refusal(() -> readCsv(bytes("a.csv", "x,y\n1,2\n".getBytes(UTF_16)))))
                .contains("not UTF-8 text");
        String late = "x,y\n" + "1,2\n".repeat(50_000) + "1,café\n";
        assertThat(refusal(() -> readCsv(bytes("a.csv", late.getBytes(ISO_8859_1)))))
                .matches("a.csv: in or after line \\d{5}: not UTF-8 text: save the file as UTF-8");
    }

    @Test
    void gzipThatIsCutShortOrDamagedIsRefused() {
        byte[] whole = gzip(("x,y\n" + "1,2\n".repeat(300_000)).getBytes(UTF_8));
        byte[] flipped = whole.clone();
        flipped[whole.length - 6] ^= 1; // the checksum

        assertThat(refusal(() -> readCsv(bytes("a.csv.gz", Arrays.copyOf(whole, whole.length / 2)))))
                .matches("a.csv.gz: in or after line \\d+: the gzip data is incomplete or damaged .*");
        assertThat(refusal(() -> readCsv(bytes("a.csv.gz", flipped))))
                .matches("a.csv.gz: in or after line \\d+: the gzip data is incomplete or damaged .*");
    }

    @Test
    void quotesThatDoNotMatchAreRefused() {
        assertThat(refusal(() -> readCsv(text("a.csv", "x,y\n1,2\n3,\"4\n5,6\n"))))
                .startsWith("a.csv line 3: Unclosed quote");
        assertThat(refusal(() -> readCsv(text("a.csv", "x,y\n1,2\n3,\"4\"5\n"))))
                .startsWith("a.csv line 3: ")
                .contains("'5'");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        DataFile file = new DataFile() {
            private static final long serialVersionUID = 1;

            @Override
            public String name() {
                return "far.csv";
            }

            @Override
            public InputStream open() throws IOException {
                InputStream broken = InputStream.nullInputStream();
                broken.close();
                return broken;
            }
        };
        assertThatIOException()
                .isThrownBy(() -> CsvReader.readHeader(file))
                .withMessage("far.csv: at its start: Stream closed");
    }
}
