package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** One readable file, wherever it lies: the name for messages, and its bytes. */
public interface DataFile extends Serializable {
    /** Name or path as the user would write it. */
    String name();

    /** Opens the stored bytes. The caller closes the stream. */
    InputStream open() throws IOException;

    /**
     * Opens the content: what is inside when the name ends in {@code .gz}, else the stored bytes; buffered.
     *
     * @throws DataException when the name says that the file is compressed by another program
     */
    default InputStream openContent() throws IOException {
        String name = name().toLowerCase(Locale.ROOT);
        for (String ending : List.of(".bz2", ".zst", ".xz", ".lz4", ".snappy", ".zip")) {
            if (name.endsWith(ending)) {
                throw new DataException(
                        "%s: files that end in %s are not supported: decompress it, or compress it with gzip instead",
                        name(), ending);
            }
        }
        boolean zipped = name.endsWith(".gz");
        InputStream stored = open();
        try {
            BufferedInputStream content =
                    new BufferedInputStream(zipped ? new GZIPInputStream(stored, 1 << 16) : stored, 1 << 16);
            content.mark(2);
            if (!zipped && content.read() == 0x1f && content.read() == 0x8b) { // what gzip starts with
                content.close();
                throw new DataException(
                        "%s: is compressed with gzip, but its name does not end in .gz: rename or decompress it",
                        name());
            }
            content.reset();
            return content;
        } catch (IOException e) {
            stored.close();
            if (!zipped) {
                throw UnreadableFile.failure(this, "at its start", e);
            }
            throw new DataException("%s: is empty or not a gzip file, though its name ends in .gz", name());
        }
    }

    /** A file of the local file system; a relative path starts where this JVM does, wherever the file is read. */
    static DataFile local(Path path) {
        return new LocalFile(path.toString(), path.toAbsolutePath().toString()); // a Path is not serializable
    }

    /**
     * See {@link #local}.
     *
     * @param name for messages
     * @param path that is read
     */
    record LocalFile(String name, String path) implements DataFile {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(Path.of(path));
        }
    }
}
