package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes little-endian numbers, in the form in which they follow a header. */
final class TensorOutput {
    private static final int CHUNK = 1 << 16;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);

    TensorOutput(OutputStream out) {
        this.out = out;
    }

    /** @param values read */
    void write(float[] values) throws IOException {
        for (int from = 0, n; from < values.length; from += n) {
            n = Math.min(values.length - from, CHUNK / Float.BYTES);
            buffer.asFloatBuffer().put(values, from, n);
            out.write(chunk, 0, n * Float.BYTES);
        }
    }

    /** @param values read */
    void write(double[] values) throws IOException {
        for (int from = 0, n; from < values.length; from += n) {
            n = Math.min(values.length - from, CHUNK / Double.BYTES);
            buffer.asDoubleBuffer().put(values, from, n);
            out.write(chunk, 0, n * Double.BYTES);
        }
    }
}
