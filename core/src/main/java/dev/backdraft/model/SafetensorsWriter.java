package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes what {@link SafetensorsReader} reads: the header and its length, then the numbers of the tensors in their
 * order.
 */
final class SafetensorsWriter {
    private static final int CHUNK = 1 << 16;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Writes the header to a stream, which stays open.
     *
     * @param header as {@link SafetensorsHeader#toBytes} gives it; read
     */
    SafetensorsWriter(OutputStream out, byte[] header) throws IOException {
        this.out = out;
        buffer.putLong(0, header.length);
        out.write(chunk, 0, Long.BYTES);
        out.write(header);
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
