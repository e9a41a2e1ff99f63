package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.backdraft.linalg.SplitMix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that somebody has changed is refused with one exception, or is a model of the same shape; memory stays small. */
@Tag("slow")
class HostileFileTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long FEW_BYTES = 8 << 20; // half the largest header; some are the JVM's, of classes used first

    @TempDir
    private Path directory;

    static List<Model> small() {
        return List.of(TestModels.line(), TestModels.binary(), TestModels.classes());
    }

    /** Returns the message of the refusal, or null for a model like this one. */
    private static String readStream(byte[] file, Model like, long mostBytes) throws IOException {
        return refusal(() -> TestModels.read(file), like, mostBytes);
    }

    /** The same of a file on a disk, whose length is known. */
    private String readFile(byte[] file, Model like, long mostBytes) throws IOException {
        Path path = directory.resolve("m.backdraft");
        Files.write(path, file);
        return refusal(() -> ModelFile.read(path), like, mostBytes);
    }

    private interface Reading {
        Model read() throws IOException;
    }

    private static String refusal(Reading reading, Model like, long mostBytes) throws IOException {
        Model model = null;
        String message = null;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            model = reading.read();
        } catch (ModelFileException e) { // any other exception fails the test
            message = e.getMessage();
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(mostBytes);
        if (message != null) {
            assertThat(message).contains("m.backdraft: ").hasSizeLessThan(1000).doesNotContain("\n");
        } else {
            assertThat(like).as("a model was expected").isNotNull();
            assertThat(model.network())
                    .as("but for how weights started")
                    .hasToString(like.network().toString());
            assertThat(bytes(model)).as("what is read can be written").isNotEmpty();
        }
        return message;
    }

    @ParameterizedTest
    @MethodSource("small")
    void everyShorterFileIsRefused(Model model) throws IOException {
        byte[] file = TestModels.withoutChecksums(model);
        for (int length = 0; length < file.length; length++) {
            byte[] shorter = Arrays.copyOf(file, length);
            assertThat(readStream(shorter, null, FEW_BYTES)).isNotNull();
            if (length % 7 == 0) {
                assertThat(readFile(shorter, null, FEW_BYTES)).isNotNull();
            }
        }
    }

    /** Every byte in its turn, thrice in the header. */
    @ParameterizedTest
    @MethodSource("small")
    void aChangedByteIsRefusedOrChangesNumbersOrNamesOnly(Model model) throws IOException {
        byte[] file = TestModels.withoutChecksums(model);
        int start = file.length - TestModels.data(file).length;
        SplitMix random = SplitMix.at(1, 2, 3, 4);
        int refused = 0;
        for (int i = 0; i < file.length + 2 * start; i++) {
            byte[] changed = file.clone();
            int at = i < file.length ? i : (i - file.length) % start;
            changed[at] ^= (byte) (1 + random.nextInt(255));
            boolean good = readStream(changed, model, FEW_BYTES) == null;
            refused += good ? 0 : 1;
            if (i % 50 == 0) {
                assertThat(readFile(changed, model, FEW_BYTES) == null).isEqualTo(good);
            }
        }
        assertThat(refused).isBetween(2 * start, file.length + 2 * start - 1);
    }

    @ParameterizedTest
    @MethodSource("small")
    void runsOfBytesCutOutDoubledOrOverwrittenAreRefusedOrHarmless(Model model) throws IOException {
        byte[] file = TestModels.withoutChecksums(model);
        SplitMix random = SplitMix.at(5, 6, 7, 8);
        for (int i = 0; i < 3000; i++) {
            int from = random.nextInt(file.length);
            int length = 1 + random.nextInt(Math.min(40, file.length - from));
            byte[] head = Arrays.copyOf(file, from);
            byte[] run = Arrays.copyOfRange(file, from, from + length);
            byte[] tail = Arrays.copyOfRange(file, from + length, file.length);
            byte[] noise = new byte[length];
            for (int k = 0; k < length; k++) {
                noise[k] = (byte) random.nextInt(256);
            }
            byte[] changed =
                    switch (i % 3) {
                        case 0 -> join(head, tail);
                        case 1 -> join(head, run, run, tail);
                        default -> join(head, noise, tail);
                    };
            if (i % 6 < 3 && from >= 8) { // let the length in front fit, so that the reader gets further
                ByteBuffer.wrap(changed)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(TestModels.headerLength(file) + changed.length - file.length);
            }
            readStream(changed, model, FEW_BYTES);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8})
    void parametersThatAreNotFiniteAreRefused(int at) throws IOException {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThat(readStream(withData(buffer -> buffer.putFloat(at, bad)), null, FEW_BYTES))
                    .contains("cannot be used: parameter " + at / 4 + " is " + bad);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 20, 28, 36, 44, 52})
    void preprocessingThatCannotScaleIsRefused(int at) throws IOException {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(readStream(withData(buffer -> buffer.putDouble(at, bad)), null, FEW_BYTES))
                    .contains("cannot be used: column ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 36, 52})
    void deviationsThatAreNotPositiveAreRefused(int at) throws IOException {
        for (double bad : new double[] {0, -1}) {
            assertThat(readStream(withData(buffer -> buffer.putDouble(at, bad)), null, FEW_BYTES))
                    .contains("cannot be used: column ");
        }
    }

    private static byte[] withData(Consumer<ByteBuffer> change) {
        byte[] file = TestModels.withoutChecksums(TestModels.line());
        byte[] data = TestModels.data(file);
        change.accept(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
        return TestModels.file(TestModels.header(file), data);
    }

    @Test
    void anAbsurdlyLargeModelIsRefusedBeforeMemoryIsTakenForIt() throws IOException {
        String header =
                """
                {"__metadata__":{"format":"backdraft-model","formatVersion":"1","loss":"squared-error",\
                "featureNames":"[]","classNames":"[]","network":"{\\"layers\\":[{\\"type\\":\\"dense\\",\
                \\"inputSize\\":2147483646,\\"outputSize\\":1,\\"initializer\\":\\"he-normal\\"}]}"},\
                "layers.0.weight":{"dtype":"F32","shape":[2147483646,1],"data_offsets":[0,8589934584]},\
                "layers.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8589934584,8589934588]}}""";
        byte[] file = TestModels.file(header.getBytes(UTF_8), new byte[400_000]);
        String message = "m.backdraft: is truncated: 8,589,534,588 bytes are missing; copy the file again";

        assertThat(readStream(file, null, FEW_BYTES)).isEqualTo(message);
        assertThat(readFile(file, null, FEW_BYTES)).endsWith(message);
    }

    /** Headers as long as they may be, which cost the most to refuse. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{\"a\":",
                "{\"a\":{\"shape\":[",
                "\"",
                "1",
                "[],",
                "\"a\":{},",
                "\"__metadata__\":{},",
                "\\ud800",
                "\u0000",
            })
    void theLongestHeaderOfNonsenseIsRefusedInProportion(String text) throws IOException {
        for (String start :
                List.of("{\"", "{", "{\"a\":", "{\"__metadata__\":{\"network\":\"", "{\"__metadata__\":{\"a\":[")) {
            int repeats = (StrictJson.LONGEST_TEXT - start.length()) / text.getBytes(UTF_8).length;
            byte[] header = (start + text.repeat(repeats)).getBytes(UTF_8);
            assertThat(readStream(TestModels.file(header, new byte[0]), null, 200L << 20))
                    .isNotNull();
        }
    }

    @Test
    void aHeaderOfManyTensorsIsRefusedInProportion() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; header.length() < StrictJson.LONGEST_TEXT - 100; i++) {
            header.append('"').append(i).append("\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},");
        }
        header.setCharAt(header.length() - 1, '}');
        assertThat(readStream(TestModels.file(header.toString().getBytes(UTF_8), new byte[4]), null, 300L << 20))
                .isNotNull();
    }
}
