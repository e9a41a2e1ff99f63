package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a disk or a network changes in a file is noticed. */
class ChecksumTest {
    static List<Model> small() {
        return List.of(TestModels.line(), TestModels.binary());
    }

    /** White space between entries is all that may be another without being noticed. */
    @ParameterizedTest
    @MethodSource("small")
    void aFlippedBitIsRefusedOrChangesNothing(Model model) throws IOException {
        byte[] file = bytes(model);
        int tensors = file.length - TestModels.data(file).length;
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(bytes(TestModels.read(flipped))).isEqualTo(file);
                assertThat(bit / 8).as("not in a tensor").isLessThan(tensors);
            } catch (ModelFileException e) {
                assertThat(e).hasMessageStartingWith("m.backdraft: ");
            }
        }
    }

    @Test
    void everyFlippedBitOfACheckpointIsRefusedOrChangesNothing() throws IOException {
        TensorFile file = new TensorFile();
        file.put("epoch", "3");
        file.put("weights", new float[] {1, 2, 3});
        file.put("sums", new double[] {4, 5});
        byte[] bytes = written(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                TensorFile read = TensorFile.read(new ByteArrayInputStream(flipped), "c.backdraft");
                assertThat(read.isVerified()).isTrue();
                assertThat(read.text("epoch")).isEqualTo("3");
                assertThat(read.floats("weights", 3)).containsExactly(1, 2, 3);
                assertThat(read.doubles("sums", 2)).containsExactly(4, 5);
            } catch (ModelFileException e) {
                assertThat(e).hasMessageStartingWith("c.backdraft: ");
            }
        }
    }

    private static byte[] written(TensorFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.write(out);
        return out.toByteArray();
    }

    @Test
    void damageIsSaidWithWhatToDo() {
        byte[] file = bytes(TestModels.line());
        byte[] data = TestModels.data(file);
        data[0] ^= 1;
        assertThatThrownBy(() -> TestModels.read(TestModels.file(TestModels.header(file), data)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageMatching(
                        "m\\.backdraft: cannot be used: it is damaged: the SHA-256 of its tensors is [0-9a-f]{64}, "
                                + "but its header says [0-9a-f]{64}; use another copy, or train the model again");
    }

    /** Damage is what is said of a number that damage has made NaN. */
    @Test
    void damageIsSaidBeforeWhatItHasDone() {
        byte[] file = bytes(TestModels.line());
        byte[] data = TestModels.data(file);
        data[2] = (byte) 0xff;
        data[3] = (byte) 0xff;
        assertThatThrownBy(() -> TestModels.read(TestModels.file(TestModels.header(file), data)))
                .hasMessageContaining("it is damaged: the SHA-256 of its tensors");
    }

    @Test
    void aHeaderThatSaysOtherThingsIsRefused() {
        assertRefused("\"provenance.seed\":\"7\"", "\"provenance.seed\":\"8\"", "the SHA-256 of its header is ");
        assertRefused("sha256.tensors", "sha256.tensorz", "the SHA-256 of its header is ");
        assertRefused("sha256.header", "sha256.headez", "but its header has none");
        assertRefused("\"sha256.", "\"sha255.", "its header has no 'sha256.header'");
        assertRefused("\"formatVersion\":\"2\"", "\"formatVersion\":\"1\"", "the SHA-256 of its header is ");
    }

    private static void assertRefused(String from, String to, String says) {
        byte[] file = bytes(TestModels.line());
        String header = new String(TestModels.header(file), UTF_8);
        assertThat(header).contains(from);
        byte[] changed = TestModels.file(header.replace(from, to).getBytes(UTF_8), TestModels.data(file));
        assertThatThrownBy(() -> TestModels.read(changed))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(says);
    }

    @Test
    void anotherProgramMayLayTheHeaderOutAnew() throws IOException {
        byte[] file = bytes(TestModels.line());
        String spaced = new String(TestModels.header(file), UTF_8)
                .replace(",\"", " ,\t\"")
                .replace(":{", " :\n{");
        byte[] other = TestModels.file(TestModels.padded(spaced), TestModels.data(file));
        assertThat(bytes(TestModels.read(other))).isEqualTo(file);
    }
}
