package dev.backdraft.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads the little-endian numbers after a header. Memory grows with what was read, not with what the header claims. */
final class TensorInput {
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final String file;
    private final boolean complete;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    private long missing;

    /**
     * @param file its name, for messages
     * @param length in bytes, of all that is going to be read
     * @param complete whether so many bytes are known to be there
     */
    TensorInput(InputStream in, String file, long length, boolean complete) {
        this.in = in;
        this.file = file;
        this.missing = length;
        this.complete = complete;
    }

    float[] floats(int count) throws IOException {
        float[] values = new float[complete ? count : Math.min(count, CHUNK)];
        for (int from = 0, n; from < count; from += n) {
            n = Math.min(count - from, CHUNK / Float.BYTES);
            load(n * Float.BYTES);
            if (n > values.length - from) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            buffer.asFloatBuffer().get(values, from, n);
        }
        return values;
    }

    double[] doubles(int count) throws IOException {
        double[] values = new double[complete ? count : Math.min(count, CHUNK)];
        for (int from = 0, n; from < count; from += n) {
            n = Math.min(count - from, CHUNK / Double.BYTES);
            load(n * Double.BYTES);
            if (n > values.length - from) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            buffer.asDoubleBuffer().get(values, from, n);
        }
        return values;
    }

    private void load(int bytes) throws IOException {
        int found = in.readNBytes(chunk, 0, bytes);
        missing -= found;
        if (found < bytes) {
            throw ModelFileException.truncated(file, missing, true);
        }
    }
}
