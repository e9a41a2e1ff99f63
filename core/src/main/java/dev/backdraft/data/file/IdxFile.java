package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** One IDX file of unsigned bytes, row by row; the format is described at {@link IdxReader}. Not thread-safe. */
final class IdxFile implements Closeable {
    private static final int UNSIGNED_BYTES = 0x0800; // magic without the number of dimensions
    private static final int MOST_DIMENSIONS = 255; // one byte of the magic

    private final DataFile file;
    private final InputStream in;
    private int rows;
    private int width;
    private int read;

    private IdxFile(DataFile file) throws IOException {
        this.file = file;
        this.in = file.openContent();
    }

    /** Opens a file with two dimensions or more. */
    static IdxFile ofRows(DataFile file) throws IOException {
        return open(file, 2, MOST_DIMENSIONS);
    }

    /** Opens a file with one dimension. */
    static IdxFile ofLabels(DataFile file) throws IOException {
        return open(file, 1, 1);
    }

    private static IdxFile open(DataFile file, int fewest, int most) throws IOException {
        IdxFile opened = new IdxFile(file);
        try {
            opened.readHeader(fewest, most);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void readHeader(int fewest, int most) throws IOException {
        int magic = readInt();
        int dimensions = magic - UNSIGNED_BYTES;
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new DataException(
                    "%s: magic number %d: not an IDX file of unsigned bytes (2049, 2050, 2051 …)", file.name(), magic);
        }
        if (dimensions < fewest || dimensions > most) {
            throw new DataException(
                    "%s: magic number %d: %s expected",
                    file.name(), magic, most == 1 ? "labels (2049)" : "rows, not labels (2050, 2051 …)");
        }
        rows = readSize();
        long product = 1;
        for (int i = 1; i < dimensions; i++) {
            product *= readSize();
            if (product == 0 || product > Integer.MAX_VALUE) {
                throw new DataException(
                        "%s: %d values a row are %s", file.name(), product, product == 0 ? "too few" : "too many");
            }
        }
        width = (int) product;
    }

    private int readSize() throws IOException {
        int size = readInt();
        if (size < 0) {
            throw new DataException("%s: a dimension of size %d", file.name(), size);
        }
        return size;
    }

    private int readInt() throws IOException {
        byte[] bytes = read(Integer.BYTES, "in the header");
        if (bytes.length < Integer.BYTES) {
            throw new DataException("%s: ends in the middle of the header", file.name());
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Number of rows, as the header says. */
    int rows() {
        return rows;
    }

    /** Number of bytes of a row. */
    int width() {
        return width;
    }

    /** The row that was read last, from 1. */
    String where() {
        return file.name() + " row " + read;
    }

    /** The next row, in an array of its own, or null after the last, which must be the end of the file. */
    byte[] next() throws IOException {
        if (read == rows) {
            if (read(1, "after the last row").length > 0) {
                throw new DataException("%s: more bytes follow the last of its %d rows", file.name(), rows);
            }
            return null;
        }
        String where = "row " + (read + 1) + " of " + rows;
        byte[] row = read(width, where);
        if (row.length < width) {
            throw new DataException(
                    "%s: ends in the middle of %s: %d of %d bytes", file.name(), where, row.length, width);
        }
        read++;
        return row;
    }

    /** As many bytes as there are, at most count. Memory grows with what is there, not with what a header claims. */
    private byte[] read(int count, String where) throws IOException {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw UnreadableFile.failure(file, where, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
