package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.readCsv;
import static dev.backdraft.data.file.TestFiles.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What good files give; {@link CsvRefusalTest} has the bad ones. */
class CsvReaderTest {
    @Test
    void readsFeaturesLabelAndWeightByTheSchema() throws IOException {
        DataFile file = text("a.csv", "id,x,w,y,z\n7,0.5,2,-1.5,1e3\n8,1,0,2,3\n");
        CsvSchema schema = CsvSchema.of(CsvReader.readHeader(file), "y", "w", List.of("id"));

        try (CsvReader reader = new CsvReader(file, schema)) {
            List<Example> rows = readAll(reader);

            assertThat(rows).extracting(Example::values).containsExactly(new float[] {0.5f, 1000}, new float[] {1, 3});
            assertThat(rows).extracting(Example::label).containsExactly(-1.5, 2.0);
            assertThat(rows).extracting(Example::weight).containsExactly(2f, 0f);
            assertThat(rows).noneMatch(Example::isSparse);
        }
    }

    @Test
    void takesAModelsFeaturesInItsOrderAndNoLabel() throws IOException {
        DataFile file = text("a.csv", "x,text,y\n1,any,2\n");

        try (CsvReader reader =
                new CsvReader(file, CsvSchema.forFeatures(List.of("x", "text", "y"), List.of("y", "x"), "label"))) {
            Example row = reader.read();
            assertThat(row.values()).containsExactly(2, 1);
            assertThat(row.label()).isNaN();
            assertThat(row.labelText()).isNull();
            assertThat(row.weight()).isEqualTo(1);
        }
    }

    @Test
    void aLabelIsKeptAsTextAndAsNumberWhenItIsOne() throws IOException {
        List<Example> rows = readCsv(text("a.csv", "x,y\n1,01\n1, cat \n1,\"a, \"\"b\"\"\"\n1,NaN\n1,-0\n"));

        assertThat(rows).extracting(Example::labelText).containsExactly("01", "cat", "a, \"b\"", "NaN", "-0");
        assertThat(rows).extracting(Example::label).containsExactly(1.0, Double.NaN, Double.NaN, Double.NaN, 0.0);
    }

    @Test
    void keepsWhatAFloatLoses() throws IOException {
        List<Example> rows = readCsv(text("a.csv", "x,z,y\n1699999988.212,-0,1e15\n0.5,16777216,2\n"));

        assertThat(rows.get(0).values()).containsExactly(1.7e9f, 0);
        assertThat(rows.get(0).value(0)).isEqualTo(1699999988.212);
        assertThat(rows.get(0).label(0)).isEqualTo(1e15);
        assertThat(rows.get(1).doubles()).isNull(); // floats are exact
    }

    @Test
    void rowsOfAClassShareOneLabelText() throws IOException {
        List<Example> rows = readCsv(text("a.csv", "x,y\n1,cat\n2,dog\n3,cat\n"));

        assertThat(rows.get(2).labelText()).isSameAs(rows.get(0).labelText());
    }

    @Test
    void moreLabelsThanClassesAreStillReadRight() throws IOException {
        String lines =
                IntStream.range(0, 20_005).mapToObj(i -> "1," + i % 20_000).collect(Collectors.joining("\n"));

        List<Example> rows = readCsv(text("a.csv", "x,y\n" + lines));

        assertThat(rows).hasSize(20_005);
        assertThat(rows.get(19_999).labelText()).isEqualTo("19999");
        assertThat(rows.get(20_004).labelText()).isEqualTo("4");
    }

    @Test
    void everyFloatComesBackAsItWasWritten() throws IOException {
        Random random = new Random(1);
        float[] values = new float[2_000];
        for (int i = 0; i < values.length; i++) {
            float any = Float.intBitsToFloat(random.nextInt());
            values[i] = Float.isFinite(any) && any != 0 ? any : (float) random.nextGaussian();
        }
        String header = IntStream.range(0, values.length).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        String row =
                IntStream.range(0, values.length).mapToObj(i -> "" + values[i]).collect(Collectors.joining(","));

        assertThat(readCsv(text("a.csv", header + ",y\n" + row + ",0")).get(0).values())
                .isEqualTo(values);
    }

    @Test
    void minusZeroBecomesZero() throws IOException {
        float[] values =
                readCsv(text("a.csv", "a,b,c,y\n-0,-0.0,-1e-60,1\n")).get(0).values();

        for (float value : values) {
            assertThat(Float.floatToRawIntBits(value)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x,y\n1,2\n3,4\n",
                "x,y\n1,2\n3,4", // the last line without an end
                "x,y\r\n1,2\r\n3,4\r\n",
                "\uFEFFx,y\n1,2\n3,4\n",
                "\uFEFF\"x\",\"y\"\n\"1\",\"2\"\n3,4\n",
                "\n \nx,y\n\n1,2\n   \n\n3,4\n\n",
                " x , y \n 1 , 2 \n\t3,4\n"
            })
    void theSameRowsMayBeWrittenInManyWays(String content) throws IOException {
        DataFile file = text("a.csv", content);

        assertThat(CsvReader.readHeader(file)).containsExactly("x", "y");
        assertThat(readCsv(file)).extracting(row -> row.values()[0]).containsExactly(1f, 3f);
        assertThat(readCsv(file)).extracting(Example::labelText).containsExactly("2", "4");
    }

    @Test
    void aFileEndingInGzIsUnpacked() throws IOException {
        List<Example> rows = readCsv(bytes("a.csv.gz", gzip("x,y\n1,ü\n".getBytes(UTF_8))));

        assertThat(rows).singleElement().extracting(Example::labelText).isEqualTo("ü");
    }

    @Test
    void aFileWithAHeaderOnlyHasNoRows() throws IOException {
        assertThat(readCsv(text("a.csv", "x,y"))).isEmpty();
    }

    @Test
    void saysWhichLineARowStartsOn() throws IOException {
        DataFile file = text("a.csv", "x,y\n1,2\n\n3,\"two\nlines\"\n5,6\n");

        try (CsvReader reader = new CsvReader(file, CsvSchema.of(List.of("x", "y"), null, null))) {
            reader.read();
            assertThat(reader.where()).isEqualTo("a.csv line 2");
            reader.read();
            assertThat(reader.where()).isEqualTo("a.csv line 4");
            reader.read();
            assertThat(reader.read()).isNull();
            assertThat(reader.where()).isEqualTo("a.csv line 6"); // still of the last row
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void rowsKeepTheirOwnNumbers() throws IOException {
        List<Example> rows = readCsv(text("a.csv", "x,y\n1,2\n3,4\n"));

        assertThat(rows.get(0).values()).isNotSameAs(rows.get(1).values());
    }

    @Test
    void filesMayHaveVeryManyColumns() throws IOException {
        int columns = 40_000; // FastCSV's own handlers stop at 16,384
        String header = IntStream.range(0, columns).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, columns).mapToObj(Integer::toString).collect(Collectors.joining(","));

        assertThat(readCsv(text("a.csv", header + "\n" + row + "\n")).get(0).values())
                .hasSize(columns - 1)
                .endsWith(columns - 2);
    }
}
