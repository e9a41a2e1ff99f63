package dev.backdraft.train.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory for the checkpoints of one training, on any file system. Used by the thread that trains and by the one
 * that writes checkpoints, by one of them at a time.
 */
public interface CheckpointFiles {
    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A directory of this machine, which is created with the first checkpoint. */
    static CheckpointFiles in(Path directory) {
        return new LocalCheckpointFiles(directory);
    }

    /** The names of the files in the directory, including unrelated ones; empty if the directory does not exist. */
    List<String> list() throws IOException;

    /** Reads a file; the caller closes the stream. */
    InputStream open(String name) throws IOException;

    /** Writes a file whole or not at all, with the directories above it; one of this name is replaced. */
    void replace(String name, Content content) throws IOException;

    /** Removes a file, if it is there. */
    void delete(String name) throws IOException;

    /** Where a file is, for messages. */
    String location(String name);
}
