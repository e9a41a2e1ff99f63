package dev.backdraft.spark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both kinds of storage do the same. */
class StorageTest {
    @TempDir
    private Path directory;

    private String name(String scheme, String file) {
        return scheme + directory.resolve(file);
    }

    @Test
    void aUriIsHadoopsAndAnythingElseALocalPath() {
        assertThat(List.of("hdfs://host/a", "file:/a", "s3a://b/c"))
                .allMatch(name -> Storage.of(name) instanceof HadoopStorage);
        assertThat(List.of("/a/b", "a:b", "12:/x", "c")).allMatch(name -> Storage.of(name) instanceof LocalStorage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void filesAreWrittenFoundReadAndRemoved(String scheme) throws IOException {
        String file = name(scheme, "new/deep/a.txt");
        Storage storage = Storage.of(file);
        assertThat(storage.find(file)).isNull();
        storage.replace(file, out -> out.write(bytes("first")));
        storage.replace(file, out -> out.write(bytes("second")));
        assertThat(text(storage, file)).isEqualTo("second");
        StoredFile found = storage.find(file);
        assertThat(found.fileName()).isEqualTo("a.txt");
        assertThat(found.length()).isEqualTo(6);
        assertThat(found.isDirectory()).isFalse();
        assertThat(found.modifiedMillis()).isGreaterThan(System.currentTimeMillis() - 60_000);
        try (InputStream in = found.data().open()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes("second"));
        }
        try (OutputStream out = storage.create(file, bytes("it "))) {
            assertThat(text(storage, file)).isEqualTo("it ");
            out.write(bytes("gro"));
            out.flush();
            out.write(bytes("ws"));
        }
        assertThat(text(storage, file)).isEqualTo("it grows");
        String parent = storage.parent(file);
        assertThat(storage.isDirectory(parent)).isTrue();
        assertThat(storage.list(parent)).extracting(StoredFile::fileName).contains("a.txt");
        assertThat(storage.find(Storage.inside(parent, "a.txt")).length()).isEqualTo(8);
        assertThat(storage.location(file)).startsWith("file:").endsWith("/new/deep/a.txt");
        storage.delete(file);
        storage.delete(file);
        assertThat(storage.exists(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void whatFailsHalfwayLeavesTheFileAsItWas(String scheme) throws IOException {
        String file = name(scheme, "a.txt");
        Storage storage = Storage.of(file);
        storage.replace(file, out -> out.write(bytes("whole")));
        assertThatIOException()
                .isThrownBy(() -> storage.replace(file, out -> {
                    out.write(bytes("ha"));
                    throw new IOException("disk full");
                }));
        assertThat(text(storage, file)).isEqualTo("whole");
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .filteredOn(name -> name.contains("backdraft"))
                    .isEmpty();
        }
    }

    private static String text(Storage storage, String file) throws IOException {
        try (InputStream in = storage.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
