package dev.backdraft.spark.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;

/** Makes {@code flush} on a Hadoop file system what it is on a disk: others see what was written, and it outlives the JVM. */
final class DurableOutput extends FilterOutputStream {
    private final FSDataOutputStream stream;

    DurableOutput(FSDataOutputStream stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        stream.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
        stream.hflush();
    }
}
