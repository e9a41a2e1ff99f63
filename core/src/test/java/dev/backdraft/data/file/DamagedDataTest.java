package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.bytes;
import static dev.backdraft.data.file.TestFiles.gzip;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.readCsv;
import static dev.backdraft.data.file.TestFiles.refusal;
import static dev.backdraft.data.file.TestFiles.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.DataException;
import dev.backdraft.linalg.SplitMix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A data file that was cut or changed gives rows, or is refused as the user's mistake; nothing else happens. */
@Tag("slow")
class DamagedDataTest {
    private interface Reading {
        int rows(DataFile file) throws IOException;
    }

    private record Kind(String name, byte[] content, Reading reading) {
        Kind zipped() throws IOException {
            return new Kind(name + ".gz", gzip(content), reading);
        }

        /** Reads as many rows as there are, or none where the file is refused. */
        void read(byte[] changed) throws IOException {
            try {
                reading.rows(bytes(name, changed));
            } catch (DataException e) {
                assertThat(e.getMessage()).contains(name);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Kind> kinds() throws IOException {
        Kind csv = new Kind(
                "a.csv", "x,\"name, ü\",y\n1,\"a \"\"b\"\"\",-2e3\n,c,0.5\r\n".getBytes(UTF_8), file -> readCsv(file)
                        .size());
        Kind svm = new Kind("a.svm", "# x\n+1 1:0.5 7:-2e3 # y\r\n-1\t2:-0\n".getBytes(UTF_8), file -> {
            try (LibSvmReader reader = new LibSvmReader(file)) {
                return readAll(reader).size();
            }
        });
        byte[] pictures = ByteBuffer.allocate(20)
                .putInt(2051)
                .putInt(2)
                .putInt(2)
                .putInt(1)
                .put(new byte[] {1, 2, 3, 4})
                .array();
        Kind idx = new Kind("a.idx", pictures, file -> {
            try (IdxReader reader = new IdxReader(file)) {
                return readAll(reader).size();
            }
        });
        return List.of(csv, svm, idx, csv.zipped(), svm.zipped(), idx.zipped());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyShorterFile(Kind kind) throws IOException {
        for (int length = 0; length < kind.content().length; length++) {
            kind.read(Arrays.copyOf(kind.content(), length));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void flippedBits(Kind kind) throws IOException {
        SplitMix random = SplitMix.at(1, 2, 3, 4);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = kind.content().clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            kind.read(changed);
        }
    }

    @Test
    void aLineWithoutAnEndIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            byte[] part = new byte[1 << 20];
            Arrays.fill(part, (byte) '1');
            for (int i = 0; i < 200; i++) {
                out.write(part);
            }
        }
        assertThat(refusal(() -> readAll(new LibSvmReader(bytes("bomb.svm.gz", bomb.toByteArray())))))
                .contains("bomb.svm.gz line 1: is longer than 16 million characters");
        assertThat(refusal(() -> readCsv(bytes("bomb.csv.gz", bomb.toByteArray()))))
                .contains("longer than 16 million characters");
    }

    /** In the header, and in a row. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x,y\n1,2\n"})
    void aLineOfNothingButSeparatorsIsRefused(String before) throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(before.getBytes(UTF_8));
            byte[] part = new byte[1 << 20];
            Arrays.fill(part, (byte) ',');
            for (int i = 0; i < 100; i++) {
                out.write(part);
            }
        }
        assertThat(refusal(() -> readCsv(bytes("bomb.csv.gz", bomb.toByteArray()))))
                .matches("bomb.csv.gz line [13]: has more than 1 million cells: .*");
    }

    @Test
    void everyEndOfALineIsOne() throws IOException {
        try (LibSvmReader reader = new LibSvmReader(text("a.svm", "1 1:1\r\r\n\n2 1:1\r3 1:1\n\r\n4 1:x"))) {
            assertThat(reader.read().label()).isEqualTo(1);
            assertThat(reader.read().label()).isEqualTo(2);
            assertThat(reader.read().label()).isEqualTo(3);
            assertThat(refusal(reader::read)).startsWith("a.svm line 7: ");
        }
    }
}
