package dev.backdraft.spark.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Files by name: {@link LocalStorage} has paths of this machine, {@link HadoopStorage} URIs of any file system that
 * Hadoop knows. Nothing else asks which of the two a name belongs to.
 */
public sealed interface Storage permits LocalStorage, HadoopStorage {
    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Hadoop's for a URI, with the settings of this JVM; else the local one. */
    static Storage of(String name) {
        return HadoopStorage.isUri(name) ? new HadoopStorage(HadoopFileSystems.configuration()) : new LocalStorage();
    }

    /** The name of a file in a directory. */
    static String inside(String directory, String fileName) {
        return directory + (directory.endsWith("/") ? "" : "/") + fileName;
    }

    /** The file or directory of a name; null when there is nothing. */
    StoredFile find(String name) throws IOException;

    /**
     * What is directly in a directory, in no order.
     *
     * @throws dev.backdraft.data.DataException when it has names that cannot be read
     */
    List<StoredFile> list(String directory) throws IOException;

    /** The directory that a name is in; null when it is in none. */
    String parent(String name);

    /** The name as Spark takes it, with a scheme. */
    String location(String name);

    /** Whether two names stand for one file that exists. */
    boolean isSame(String one, String other) throws IOException;

    InputStream open(String name) throws IOException;

    /**
     * Creates or replaces a file that grows, with the directories above it; what is flushed outlives this JVM. A file
     * that is there is replaced by one that has the start already, as {@link #replace} does it.
     *
     * @param start the first bytes of the file; read
     */
    OutputStream create(String name, byte[] start) throws IOException;

    /**
     * Writes a small file, with the directories above it, unless there is one of this name.
     *
     * @param content read
     * @return false when there is one
     */
    boolean createNew(String name, byte[] content) throws IOException;

    /**
     * Writes a file whole or not at all, with the directories above it. Whoever reads meanwhile, or after a failure,
     * finds the old file or the new one; on a file system that cannot do this, see {@link HadoopReplacement}.
     */
    void replace(String name, Content content) throws IOException;

    /** Removes a file, if it is there. */
    void delete(String name) throws IOException;

    /** Whether there is a file or directory of this name. */
    default boolean exists(String name) throws IOException {
        return find(name) != null;
    }

    /** Whether there is a directory of this name. */
    default boolean isDirectory(String name) throws IOException {
        StoredFile found = find(name);
        return found != null && found.isDirectory();
    }
}
