package dev.backdraft.spark.cli;

import dev.backdraft.spark.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;

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
        try {
            return storage().create(name, start.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failure("cannot write ", e);
        }
    }

    /**
     * Writes the file whole or not at all: a failure leaves the old one.
     *
     * @throws IOException naming the file and the cause
     */
    void replace(Storage.Content content) throws IOException {
        try {
            storage().replace(name, content);
        } catch (IOException e) {
            throw failure("cannot write ", e);
        }
    }

    /** What a failure to read or write this file is to say: its name and the cause. */
    IOException failure(String cannot, IOException e) {
        String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new IOException(
                cannot + name + ": " + (e instanceof AccessDeniedException ? "permission denied: " : "") + cause, e);
    }

    void deleteIfExists() throws IOException {
        try {
            storage().delete(name);
        } catch (IOException e) {
            throw failure("cannot delete ", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
