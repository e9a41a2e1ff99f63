package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.zip.ZipException;

/** Says which file could not be read, where, and whether the file itself is at fault. */
final class UnreadableFile {
    private UnreadableFile() {}

    /**
     * The failure with the file's name, to be thrown.
     *
     * @param where as in "in or after line 3": readers read ahead, so the spot itself is not known
     * @throws DataException when the content is damaged: then trying again does not help
     */
    static IOException failure(DataFile file, String where, IOException cause) {
        if (cause instanceof EOFException || cause instanceof ZipException) {
            throw new DataException(
                    "%s: %s: the gzip data is incomplete or damaged (%s)", file.name(), where, cause.getMessage());
        }
        if (cause instanceof CharacterCodingException) {
            throw new DataException("%s: %s: not UTF-8 text: save the file as UTF-8", file.name(), where);
        }
        return new IOException(file.name() + ": " + where + ": " + cause.getMessage(), cause);
    }
}
