package dev.backdraft.spark.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A file that grows where nothing can be appended: it is replaced whenever it is flushed, so what it had before is
 * never lost. Keeps the content in memory, which is small: the lines of a history.
 */
final class RewrittenOutput extends OutputStream {
    private final HadoopReplacement replacement;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int written; // bytes that the file has

    /** @param start what the file has already */
    RewrittenOutput(HadoopReplacement replacement, byte[] start) {
        this.replacement = replacement;
        content.writeBytes(start);
        written = start.length;
    }

    @Override
    public void write(int b) {
        content.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        content.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
        if (content.size() > written) {
            replacement.write(content::writeTo);
            written = content.size();
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
