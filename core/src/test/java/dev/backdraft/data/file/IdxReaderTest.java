package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdxReaderTest {
    private static final byte[] PIXELS = {0, 1, 2, 3, 127, (byte) 128, (byte) 254, (byte) 255, 10, 20, 30, 40};

    @Test
    void readsPicturesAndLabelsInPairs() throws IOException {
        DataFile pictures = bytes("p", idx(PIXELS, 2051, 2, 2, 3));
        DataFile labels = bytes("l", idx(new byte[] {9, (byte) 200}, 2049, 2));

        try (IdxReader reader = new IdxReader(pictures, labels)) {
            assertThat(reader.featureCount()).isEqualTo(6);
            List<Example> rows = readAll(reader);

            assertThat(rows).extracting(Example::label).containsExactly(9.0, 200.0);
            assertThat(rows.get(0).values()).containsExactly(scaled(0, 1, 2, 3, 127, 128));
            assertThat(rows.get(1).values()).containsExactly(scaled(254, 255, 10, 20, 30, 40));
            assertThat(rows.get(1).values()[1]).isEqualTo(1);
            assertThat(reader.where()).isEqualTo("p row 2");
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void everyNumberOfDimensionsIsRowsTimesTheRest() throws IOException {
        for (byte[] content : List.of(
                idx(PIXELS, 2050, 2, 6),
                idx(PIXELS, 2051, 2, 3, 2),
                idx(PIXELS, 2052, 2, 3, 1, 2),
                idx(PIXELS, 2053, 2, 1, 3, 1, 2))) {
            try (IdxReader reader = new IdxReader(bytes("p", content))) {
                assertThat(reader.featureCount()).isEqualTo(6);
                assertThat(readAll(reader)).hasSize(2);
            }
        }
    }

    @Test
    void labelsAreNotNeeded() throws IOException {
        try (IdxReader reader = new IdxReader(bytes("p", idx(PIXELS, 2050, 12, 1)))) {
            assertThat(readAll(reader)).hasSize(12).allMatch(row -> Double.isNaN(row.label()));
        }
    }

    @Test
    void filesEndingInGzAreUnpacked() throws IOException {
        DataFile pictures = bytes("p.gz", gzip(idx(PIXELS, 2050, 3, 4)));
        DataFile labels = bytes("l.gz", gzip(idx(new byte[] {1, 2, 3}, 2049, 3)));

        try (IdxReader reader = new IdxReader(pictures, labels)) {
            assertThat(readAll(reader)).extracting(Example::label).containsExactly(1.0, 2.0, 3.0);
        }
    }

    @Test
    void aFileOfNoRowsHasNone() throws IOException {
        try (IdxReader reader = new IdxReader(bytes("p", idx(new byte[0], 2051, 0, 28, 28)))) {
            assertThat(readAll(reader)).isEmpty();
        }
    }

    @Test
    void filesThatAreNoPairAreRefused() {
        DataFile pictures = bytes("p", idx(PIXELS, 2050, 3, 4));
        DataFile labels = bytes("l", idx(new byte[] {1, 2}, 2049, 2));

        assertThat(refusal(() -> new IdxReader(pictures, labels)))
                .isEqualTo("p has 3 rows but l has 2 labels: they do not belong together");
        assertThat(refusal(() -> new IdxReader(labels, pictures)))
                .isEqualTo("l: magic number 2049: rows, not labels (2050, 2051 …) expected");
        assertThat(refusal(() -> new IdxReader(pictures, pictures)))
                .isEqualTo("p: magic number 2050: labels (2049) expected");
    }

    @Test
    void whatIsNotIdxIsRefused() {
        assertThat(refusal(() -> open("x,y,label\n1,2,3\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))))
                .isEqualTo("p: magic number 2016180524: not an IDX file of unsigned bytes (2049, 2050, 2051 …)");
        assertThat(refusal(() -> open(idx(PIXELS, 0x0D03, 1, 1, 3)))) // floats
                .contains("not an IDX file of unsigned bytes");
        assertThat(refusal(() -> open(idx(PIXELS, 0x0800)))).contains("not an IDX file of unsigned bytes");
        assertThat(refusal(() -> open(new byte[0]))).isEqualTo("p: ends in the middle of the header");
        assertThat(refusal(() -> open(Arrays.copyOf(idx(PIXELS, 2051, 2, 3, 2), 15))))
                .isEqualTo("p: ends in the middle of the header");
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThat(refusal(() -> open(idx(PIXELS, 2051, -1, 28, 28)))).isEqualTo("p: a dimension of size -1");
        assertThat(refusal(() -> open(idx(PIXELS, 2051, 2, 0, 28)))).isEqualTo("p: 0 values a row are too few");
        assertThat(refusal(() -> open(idx(PIXELS, 2051, 2, 65536, 65536))))
                .isEqualTo("p: 4294967296 values a row are too many");
    }

    @Test
    void tooFewBytesAreRefusedAtTheRowTheyEndIn() throws IOException {
        byte[] whole = idx(PIXELS, 2050, 3, 4);
        try (IdxReader reader = new IdxReader(bytes("p", Arrays.copyOf(whole, whole.length - 3)))) {
            reader.read();
            reader.read();
            assertThat(refusal(reader::read)).isEqualTo("p: ends in the middle of row 3 of 3: 1 of 4 bytes");
        }
        byte[] packed = gzip(idx(new byte[1 << 16], 2050, 1 << 16, 1));
        try (IdxReader reader = new IdxReader(bytes("p.gz", Arrays.copyOf(packed, packed.length - 8)))) {
            assertThat(refusal(() -> readAll(reader)))
                    .matches("p.gz: (row|after the last row).*: the gzip data is incomplete or damaged .*");
        }
    }

    @Test
    void aHugeSizeInAShortFileTakesNoMemory() throws IOException {
        try (IdxReader reader = new IdxReader(bytes("p", idx(PIXELS, 2050, Integer.MAX_VALUE, Integer.MAX_VALUE)))) {
            assertThat(refusal(reader::read))
                    .isEqualTo("p: ends in the middle of row 1 of 2147483647: 12 of 2147483647 bytes");
        }
    }

    @Test
    void bytesBehindTheLastRowAreRefused() throws IOException {
        DataFile pictures = bytes("p", idx(PIXELS, 2050, 2, 4));
        DataFile labels = bytes("l", idx(new byte[] {1, 2, 3}, 2049, 2));
        try (IdxReader reader = new IdxReader(pictures)) {
            reader.read();
            reader.read();
            assertThat(refusal(reader::read)).isEqualTo("p: more bytes follow the last of its 2 rows");
        }
        try (IdxReader reader = new IdxReader(bytes("q", idx(PIXELS, 2050, 2, 6)), labels)) {
            reader.read();
            reader.read();
            assertThat(refusal(reader::read)).isEqualTo("l: more bytes follow the last of its 2 rows");
        }
    }

    private static void open(byte[] content) throws IOException {
        new IdxReader(bytes("p", content)).close();
    }

    private static byte[] idx(byte[] content, int... header) {
        ByteBuffer file = ByteBuffer.allocate(4 * header.length + content.length);
        for (int number : header) {
            file.putInt(number);
        }
        return file.put(content).array();
    }

    private static float[] scaled(int... pixels) {
        float[] values = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            values[i] = (float) (pixels[i] / 255.0);
        }
        return values;
    }
}
