package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bits;
import static dev.backdraft.model.TestModels.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read again, to the bit, and the bytes of the format are fixed. */
class ModelFileTest {
    @TempDir
    private Path directory;

    static List<Model> all() {
        return TestModels.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aModelComesBackFromItsFileBitForBit(Model model) throws IOException {
        Path path = directory.resolve("m.backdraft");
        ModelFile.write(model, path);
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes(model));

        assertSame(ModelFile.read(path), model);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aModelComesBackFromAStreamThatGivesAByteAtATime(Model model) throws IOException {
        InputStream slow = new ByteArrayInputStream(bytes(model)) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(1, length));
            }
        };

        assertSame(ModelFile.read(slow, "stream"), model);
    }

    private static void assertSame(Model read, Model written) {
        assertThat(read.network()).isEqualTo(written.network());
        assertThat(read.loss()).isEqualTo(written.loss());
        assertThat(read.provenance()).isEqualTo(written.provenance());
        assertThat(read.hasThreshold()).isEqualTo(written.hasThreshold());
        assertThat(read.threshold()).isEqualTo(written.threshold());
        assertThat(read.calibration()).isEqualTo(written.calibration());
        assertThat(bits(read.parameters())).isEqualTo(bits(written.parameters()));
        assertThat(read.weightsSha256()).isEqualTo(written.weightsSha256());
        assertThat(read.preprocessing().featureNames())
                .isEqualTo(written.preprocessing().featureNames());
        assertThat(read.preprocessing().labelName())
                .isEqualTo(written.preprocessing().labelName());
        assertThat(read.preprocessing().classNames())
                .isEqualTo(written.preprocessing().classNames());
        assertThat(read.preprocessing().labelScale())
                .isEqualTo(written.preprocessing().labelScale());
        assertSame(read.preprocessing().features(), written.preprocessing().features());
        assertSame(read.preprocessing().label(), written.preprocessing().label());
        for (int seed = 0; seed < 20; seed++) {
            float[] row = TestModels.row(written, seed);
            assertThat(bits(read.predict(row))).isEqualTo(bits(written.predict(row)));
        }
        assertThat(bytes(read)).as("written again").isEqualTo(bytes(written));
    }

    private static void assertSame(Standardizer read, Standardizer written) {
        assertThat(read == null).isEqualTo(written == null);
        if (written != null) {
            assertThat(read.mean()).isEqualTo(written.mean());
            assertThat(read.deviation()).isEqualTo(written.deviation());
        }
    }

    @Test
    void everyFiniteFloatIsKeptToTheBit() throws IOException {
        float[] odd = {-0f, 0f, Float.MIN_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, 0.1f};
        Network network = Network.perceptron(new Tanh(), 5, 1);
        Model model = new Model(network, new SquaredError(), Preprocessing.none(), odd, Map.of());

        assertThat(bits(TestModels.read(bytes(model)).parameters())).isEqualTo(bits(odd));
    }

    @Test
    void theOrderInWhichProvenanceWasGivenDoesNotShow() {
        Model model = TestModels.classes();
        Map<String, String> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.putAll(model.provenance());
        Model other = new Model(model.network(), model.loss(), model.preprocessing(), model.parameters(), backwards);

        assertThat(bytes(other)).isEqualTo(bytes(model));
    }

    private static final String LINE_OF_VERSION_ONE =
            """
            {"__metadata__":{"classNames":"[]","featureNames":"[\\"a\\",\\"b\\"]","format":"backdraft-model",\
            "formatVersion":"1","labelName":"y","loss":"squared-error",\
            "network":"{\\"inputSize\\":2,\\"layers\\":[{\\"type\\":\\"dense\\",\\"inputSize\\":2,\\"outputSize\\":1,\
            \\"bias\\":true,\\"initializer\\":\\"glorot-uniform\\",\\"biasInitializer\\":\\"zeros\\"}]}",\
            "provenance.seed":"7"},\
            "layers.0.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},\
            "layers.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},\
            "preprocessing.features.mean":{"dtype":"F64","shape":[2],"data_offsets":[12,28]},\
            "preprocessing.features.deviation":{"dtype":"F64","shape":[2],"data_offsets":[28,44]},\
            "preprocessing.label.mean":{"dtype":"F64","shape":[1],"data_offsets":[44,52]},\
            "preprocessing.label.deviation":{"dtype":"F64","shape":[1],"data_offsets":[52,60]}}""";

    private static byte[] dataOfLine() {
        ByteBuffer data = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(2).putFloat(-1).putFloat(0.5f);
        data.putDouble(1).putDouble(2).putDouble(2).putDouble(4).putDouble(10).putDouble(4);
        return data.array();
    }

    /** Freezes version 1: files of users look like this. */
    @Test
    void aFileOfVersionOneIsRead() throws IOException {
        byte[] file = TestModels.file(TestModels.padded(LINE_OF_VERSION_ONE), dataOfLine());

        ModelFile.Contents contents = ModelFile.readContents(new ByteArrayInputStream(file), "m.backdraft");
        assertSame(contents.model(), TestModels.line());
        assertThat(contents.verified()).isFalse();
    }

    /** Freezes version 2. What is changed here must leave older files readable. */
    @Test
    void theBytesOfVersionTwoAreThese() throws Exception {
        String withoutChecksums = LINE_OF_VERSION_ONE.replace("formatVersion\":\"1", "formatVersion\":\"2");
        String seed = "\"provenance.seed\":\"7\"";
        String tensors = ",\"sha256.tensors\":\"" + sha256(dataOfLine()) + "\"";
        String covered = withoutChecksums.replace(seed, seed + tensors);
        String header = ",\"sha256.header\":\"" + sha256(TestModels.padded(covered)) + "\"";
        byte[] file = TestModels.file(
                TestModels.padded(withoutChecksums.replace(seed, seed + header + tensors)), dataOfLine());

        assertThat(bytes(TestModels.line())).isEqualTo(file);
        ModelFile.Contents contents = ModelFile.readContents(new ByteArrayInputStream(file), "m.backdraft");
        assertThat(contents.verified()).isTrue();
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Before there were biases to choose, a network in a file was this. */
    @Test
    void filesOfTheFirstFormAreRead() throws IOException {
        byte[] file = TestModels.withoutChecksums(TestModels.classes());
        String header = new String(TestModels.header(file), UTF_8);
        String older = header.replace("{\\\"inputSize\\\":5,\\\"layers\\\"", "{\\\"layers\\\"")
                .replace(",\\\"bias\\\":true", "")
                .replace(",\\\"biasInitializer\\\":\\\"zeros\\\"", "");

        assertThat(older).doesNotContain("bias\\").doesNotContain("biasI");
        assertThat(older.length()).isLessThan(header.length() - 100);
        assertSame(
                TestModels.read(TestModels.file(older.getBytes(UTF_8), TestModels.data(file))), TestModels.classes());
    }

    @Test
    void writingReplacesAnOlderModel() throws IOException {
        Path path = directory.resolve("m.backdraft");
        ModelFile.write(TestModels.wide(), path);
        ModelFile.write(TestModels.line(), path);

        assertSame(ModelFile.read(path), TestModels.line());
        assertThat(directory).isDirectoryContaining(file -> file.equals(path)).satisfies(folder -> {
            try (var files = Files.list(folder)) {
                assertThat(files).hasSize(1);
            }
        });
    }
}
