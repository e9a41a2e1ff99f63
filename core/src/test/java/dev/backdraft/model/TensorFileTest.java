package dev.backdraft.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint is read as strictly as a model file, by the same reader. */
class TensorFileTest {
    private static byte[] written() throws IOException {
        TensorFile file = new TensorFile();
        file.put("format", "test");
        file.put("weights", new float[] {1, 2, 3});
        file.put("sums", new double[] {4, 5});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.write(out);
        return out.toByteArray();
    }

    private static TensorFile read(byte[] bytes) throws IOException {
        return TensorFile.read(new ByteArrayInputStream(bytes), "c.backdraft");
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("c.backdraft: ")
                .hasMessageContaining(message);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        TensorFile file = read(written());
        assertThat(file.text("format")).isEqualTo("test");
        assertThat(file.floats("weights", 3)).containsExactly(1, 2, 3);
        assertThat(file.doubles("sums", 2)).containsExactly(4, 5);
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        byte[] bytes = written();
        for (int length = 0; length < bytes.length; length++) {
            byte[] shorter = Arrays.copyOf(bytes, length);
            assertRefused(
                    shorter, length < Long.BYTES ? "is not a checkpoint, or is incomplete: it " : "is truncated: ");
        }
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "more bytes follow its last tensor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it is empty|''",
                "it has only 3 bytes|abc",
                "it starts with 'f0,f1,f2'|f0,f1,f2,label",
            })
    void aFileOfAnotherKindIsRefused(String why, String content) {
        assertRefused(content.getBytes(UTF_8), "is not a checkpoint, or is incomplete: " + why);
    }

    @Test
    void aNumberThatIsNotFiniteIsNeitherWrittenNorRead() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            TensorFile file = new TensorFile();
            file.put("weights", new float[] {1, bad});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThatThrownBy(() -> file.write(out))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("entry 1 of 'weights' is " + bad);
            assertThat(out.size()).isZero();

            String header = "{\"weights\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
            byte[] data = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(bad)
                    .array();
            assertRefused(TestModels.file(header.getBytes(UTF_8), data), "entry 0 of 'weights' is " + bad);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]",
                "\"F32\",\"shape\":[2],\"data_offsets\":[0,4]",
                "\"F32\",\"shape\":[1],\"data_offsets\":[4,8]",
                "\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]",
                "\"F16\",\"shape\":[2],\"data_offsets\":[0,4]",
                "\"F64\",\"shape\":[9223372036854775807],\"data_offsets\":[0,4]",
            })
    void aTensorThatIsNotAVectorInItsPlaceIsRefused(String tensor) {
        String header = "{\"weights\":{\"dtype\":" + tensor + "}}";
        assertRefused(TestModels.file(header.getBytes(UTF_8), new byte[4]), "cannot be used: ");
    }
}
