package dev.backdraft.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever names the wrong file is told which, why, and what to do. */
class ForeignFileTest {
    private static final String FOREIGN = ": not a Backdraft model file: ";

    private static final String OTHER_PROGRAM =
            "a safetensors file of another program, whose format is not 'backdraft-model'";

    @TempDir
    private Path directory;

    private String refusalOf(byte[] content) throws IOException {
        Path path = directory.resolve("m.backdraft");
        Files.write(path, content);
        return refusalOf(path).replace(path.toString(), "m.backdraft");
    }

    private static String refusalOf(Path path) {
        try {
            ModelFile.read(path);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(ModelFileException.class);
            return e.getMessage();
        }
        throw new AssertionError("not refused: " + path);
    }

    static Stream<Arguments> otherKinds() {
        return Stream.of(
                arguments("", "it is empty"),
                arguments("abc", "it has only 3 bytes"),
                arguments("f0,f1,f2,label\n1,2,3,a\n", "it starts with 'f0,f1,f2'"),
                arguments("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "it starts with ' PNG    '"),
                arguments("PK\u0003\u0004\n\0\0\0\0\0", "it starts with 'PK      '"),
                arguments("\n\0\0\0\0\0\0\0not a JSON", "its header does not start with '{'"),
                arguments("\2\0\0\0\0\0\0\0{}", OTHER_PROGRAM));
    }

    @ParameterizedTest
    @MethodSource("otherKinds")
    void filesOfOtherKindsAreRefused(String content, String why) throws IOException {
        byte[] bytes = content.getBytes(ISO_8859_1);
        assertThat(refusalOf(bytes)).isEqualTo("m.backdraft" + FOREIGN + why + "; name a file that Backdraft wrote");
    }

    @Test
    void aFileOfOtherTensorsIsRefusedForItsFormat() throws IOException {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},\"x\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]}}";
        assertThat(refusalOf(TestModels.file(header.getBytes(ISO_8859_1), new byte[2])))
                .startsWith("m.backdraft" + FOREIGN + OTHER_PROGRAM);
    }

    @ParameterizedTest
    @CsvSource({"3", "10"})
    void aFileOfANewerBackdraftSaysSo(String version) throws IOException {
        assertThat(refusalOf(ofVersion(version)))
                .isEqualTo("m.backdraft: written by a newer Backdraft: format version " + version
                        + ", this one reads up to 2; use the newer one");
    }

    @ParameterizedTest
    @CsvSource({"0", "01", "-1", "one", "''"})
    void aVersionThatNeverWasIsRefused(String version) throws IOException {
        assertThat(refusalOf(ofVersion(version)))
                .startsWith("m.backdraft: cannot be used: its format version is " + version
                        + ", this Backdraft reads up to 2");
    }

    private static byte[] ofVersion(String version) {
        byte[] file = TestModels.bytes(TestModels.line());
        String header = new String(TestModels.header(file), ISO_8859_1)
                .replace("\"formatVersion\":\"2\"", "\"formatVersion\":\"" + version + "\"")
                .replace("dense", "attention"); // the version comes first
        return TestModels.file(header.getBytes(ISO_8859_1), TestModels.data(file));
    }

    @Test
    void aFileThatIsNotThereOrADirectoryIsSaid() {
        Path nowhere = directory.resolve("nowhere");
        assertThat(refusalOf(nowhere))
                .isEqualTo(nowhere + ": cannot be read: no such file or directory; check the path");
        assertThat(refusalOf(directory)).isEqualTo(directory + ": is a directory: name the model file in it");
    }

    @Test
    void aStreamThatBreaksIsSaidWithItsName() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close(); // reading it is an IOException from now on
        assertThatThrownBy(() -> ModelFile.read(broken, "s3://models/m"))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("s3://models/m: cannot be read: Stream closed")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aTruncatedFileSaysHowMuchIsMissing() throws IOException {
        byte[] file = TestModels.bytes(TestModels.wide());
        for (int cut : new int[] {1, 1234, TestModels.data(file).length}) {
            byte[] shorter = Arrays.copyOf(file, file.length - cut);
            String count = String.format(Locale.ROOT, cut == 1 ? "%,d byte is" : "%,d bytes are", cut);
            String message = "m.backdraft: is truncated: " + count + " missing; copy the file again";
            assertThat(refusalOf(shorter)).isEqualTo(message);
            assertThatThrownBy(() -> TestModels.read(shorter)).hasMessage(message);
        }
        byte[] withinHeader = Arrays.copyOf(file, 100);
        assertThat(refusalOf(withinHeader)).startsWith("m.backdraft: is truncated: at least ");
    }

    @Test
    void bytesBehindTheEndAreRefused() throws IOException {
        byte[] file = TestModels.bytes(TestModels.line());
        byte[] longer = Arrays.copyOf(file, file.length + 1234);
        assertThat(refusalOf(longer)).startsWith("m.backdraft: cannot be used: 1,234 bytes follow its last tensor;");
        assertThatThrownBy(() -> TestModels.read(longer))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("more bytes follow its last tensor");
    }
}
