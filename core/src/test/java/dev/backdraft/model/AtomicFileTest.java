package dev.backdraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing succeeds whole, or leaves the old file and nothing else. */
class AtomicFileTest {
    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void anOldFile() throws IOException {
        path = directory.resolve("m.backdraft");
        Files.writeString(path, "old");
    }

    private void assertOnlyTheOldFileIsThere() throws IOException {
        assertThat(path).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aDiskThatIsFullInTheMiddleLeavesTheOldFile() throws IOException {
        assertThatThrownBy(() -> AtomicFile.write(path, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        assertOnlyTheOldFileIsThere();
    }

    @Test
    void aFaultInTheMiddleLeavesTheOldFile() throws IOException {
        assertThatThrownBy(() -> AtomicFile.write(path, out -> {
                    out.write(1);
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertOnlyTheOldFileIsThere();
    }

    @Test
    void aModelThatCouldNotBeReadAgainIsNotWritten() throws IOException {
        Map<String, String> tooMuch = new TreeMap<>(Map.of("log", "x".repeat(17 << 20)));
        assertRefused(tooMuch, "its names and provenance take 17,826,");
        assertRefused(Map.of("half of a character", "\ud834"), "");
        Map<String, String> manyEntries = new TreeMap<>();
        for (int i = 0; i < 500_000; i++) {
            manyEntries.put(Integer.toString(i, 36), "");
        }
        assertRefused(manyEntries, "it has more than 20,000 texts");
    }

    private void assertRefused(Map<String, String> provenance, String reason) throws IOException {
        Model line = TestModels.line();
        Model model = new Model(line.network(), line.loss(), line.preprocessing(), line.parameters(), provenance);
        assertThatThrownBy(() -> ModelFile.write(model, path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(path + ": cannot be written: " + reason);
        assertOnlyTheOldFileIsThere();
    }

    @Test
    void aDirectoryIsNotReplaced() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertThatThrownBy(() -> ModelFile.write(TestModels.line(), folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(folder + ": cannot be written: it is a directory");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aMissingDirectoryIsSaid() {
        Path nowhere = directory.resolve("missing").resolve("m.backdraft");
        assertThatThrownBy(() -> ModelFile.write(TestModels.line(), nowhere))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(nowhere + ": cannot be written: no such file or directory; check the path");
    }

    @Test
    void aNewFileMayBeReadByWhomeverOtherNewFilesMay() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Path plain = Files.createFile(directory.resolve("plain"));
        ModelFile.write(TestModels.line(), path);
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(Files.getPosixFilePermissions(plain));
    }

    @Test
    void aReplacedFileKeepsItsPermissions() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        ModelFile.write(TestModels.line(), path);
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    }

    @Test
    void aSymbolicLinkStaysAndItsFileIsReplaced() throws IOException {
        Path link = directory.resolve("latest");
        try {
            Files.createSymbolicLink(link, path);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }
        ModelFile.write(TestModels.line(), link);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(path)).isEqualTo(TestModels.bytes(TestModels.line()));
    }

    @Test
    void whatADeadWriterLeftIsRemovedByTheNext() throws IOException {
        Path dead = Files.writeString(
                directory.resolve(".backdraft-m.backdraft-0f8fad5b-d9cb-469f-a165-70867728950e.tmp"), "half");
        Path ofAnotherFile = Files.writeString(
                directory.resolve(".backdraft-m.backdraft-2-0f8fad5b-d9cb-469f-a165-70867728950e.tmp"), "half");
        Path notOurs = Files.writeString(directory.resolve(".backdraft-m.backdraft-0f8fad5b.tmp"), "mine");
        AtomicFile.write(path, out -> {
            assertThat(dead).doesNotExist();
            assertThat(ofAnotherFile).doesNotExist();
            out.write(1);
        });
        assertThat(notOurs).exists();
    }

    @Test
    void whatALivingWriterWritesIsNotRemoved() throws IOException {
        AtomicFile.write(path, out -> {
            out.write("outer".getBytes(StandardCharsets.UTF_8));
            AtomicFile.write(path, inner -> inner.write("inner".getBytes(StandardCharsets.UTF_8)));
            assertThat(path).hasContent("inner");
        });
        assertThat(path).hasContent("outer");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void whatAnotherProcessHasLockedIsNotRemoved() throws Exception {
        Path living = directory.resolve(".backdraft-m.backdraft-0f8fad5b-d9cb-469f-a165-70867728950e.tmp");
        Files.writeString(living, "half");
        Path source = Files.writeString(
                directory.resolve("Lock.java"),
                """
                public class Lock {
                    public static void main(String[] file) throws Exception {
                        try (var channel = java.nio.channels.FileChannel.open(
                                java.nio.file.Path.of(file[0]), java.nio.file.StandardOpenOption.WRITE)) {
                            channel.lock();
                            System.out.println("locked");
                            System.in.read();
                        }
                    }
                }
                """);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(java, source.toString(), living.toString()).start();
        try {
            assertThat((char) other.getInputStream().read()).isEqualTo('l');
            ModelFile.write(TestModels.line(), path);
            assertThat(living).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }
        ModelFile.write(TestModels.line(), path);
        assertThat(living).doesNotExist();
    }
}
