package dev.backdraft.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** One readable file, wherever it lies: the name for messages, and its bytes. */
public interface DataFile extends Serializable {
    /** Name or path as the user would write it. */
    String name();

    /** Opens the stored bytes. The caller closes the stream. */
    InputStream open() throws IOException;

    /** Opens the content: what is inside when the name ends in {@code .gz}, else the stored bytes; buffered. */
    default InputStream openContent() throws IOException {
        InputStream stored = open();
        try {
            return new BufferedInputStream(
                    name().endsWith(".gz") ? new GZIPInputStream(stored, 1 << 16) : stored, 1 << 16);
        } catch (IOException e) {
            stored.close();
            throw new DataException("%s: is empty or not a gzip file, though its name ends in .gz", name());
        }
    }

    /** A file of the local file system. */
    static DataFile local(Path path) {
        return new LocalFile(path.toString()); // a Path is not serializable
    }

    /** See {@link #local}. */
    record LocalFile(String name) implements DataFile {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(Path.of(name));
        }
    }
}
