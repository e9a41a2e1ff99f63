package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * Writes what {@link SafetensorsReader} reads: the header and its length, then the numbers of the tensors in their
 * order.
 */
final class SafetensorsWriter {
    private static final int CHUNK = 1 << 16;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes the numbers of the tensors, in their order; is asked twice, as their checksum comes before them. */
    interface Tensors {
        void writeTo(SafetensorsWriter out) throws IOException;
    }

    /**
     * Writes a file with checksums to a stream, which stays open.
     *
     * @throws IllegalArgumentException when the header is too long to be read again; nothing is written
     */
    static void write(SafetensorsHeader header, Tensors tensors, OutputStream out) throws IOException {
        MessageDigest digest = Checksums.sha256();
        tensors.writeTo(new SafetensorsWriter(new DigestOutputStream(OutputStream.nullOutputStream(), digest)));
        byte[] sealed = Checksums.seal(header, digest).toBytes();
        SafetensorsWriter writer = new SafetensorsWriter(out);
        writer.buffer.putLong(0, sealed.length);
        out.write(writer.chunk, 0, Long.BYTES);
        out.write(sealed);
        tensors.writeTo(writer);
        out.flush();
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
