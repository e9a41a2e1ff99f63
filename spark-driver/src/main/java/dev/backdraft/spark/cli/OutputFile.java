package dev.backdraft.spark.cli;

import dev.backdraft.spark.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A file to write, local or of any file system that Hadoop knows; directories above it are made when it is.
 *
 * @param name path or URI
 */
record OutputFile(String name) {
    private Storage storage() {
        return Storage.of(name);
    }

    boolean exists() throws IOException {
        return storage().exists(name);
    }

    InputStream open() throws IOException {
        return storage().open(name);
    }

    /** The text of a small file. */
    String readText() throws IOException {
        return InputFiles.readText(name);
    }

    /** Creates or replaces a file that grows from this start; what is flushed outlives this JVM. */
    OutputStream create(String start) throws IOException {
        return storage().create(name, start.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the file whole or not at all: a failure leaves the old one. */
    void replace(Storage.Content content) throws IOException {
        storage().replace(name, content);
    }

    void deleteIfExists() throws IOException {
        storage().delete(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
