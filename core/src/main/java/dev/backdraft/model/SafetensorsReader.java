package dev.backdraft.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads a safetensors file from front to back: eight bytes with the length of the header, little-endian; the header;
 * the numbers of the tensors, little-endian, in the order in which they are asked for. Files may be untrusted: memory
 * grows with what was read, not with what the header claims.
 */
final class SafetensorsReader {
    private static final int CHUNK = 1 << 16;
    private static final long UNKNOWN = -1;

    private final InputStream in;
    private final FileKind kind;
    private final String file;
    private final long size;
    private final SafetensorsHeader header;
    private final MessageDigest digest = Checksums.sha256();
    private final boolean hasChecksums;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    private long headerLength;
    private long missing;

    /**
     * Reads the header of a stream, which stays open.
     *
     * @param file its name, for messages
     * @throws ModelFileException when there is no header that can be read
     */
    SafetensorsReader(InputStream stream, FileKind kind, String file) throws IOException {
        this(new BufferedInputStream(stream), kind, file, UNKNOWN);
    }

    /**
     * Reads the header of a file of known size.
     *
     * @param size in bytes
     * @throws ModelFileException when there is no header that can be read
     */
    SafetensorsReader(InputStream in, FileKind kind, String file, long size) throws IOException {
        this.in = in;
        this.kind = kind;
        this.file = file;
        this.size = size;
        header = parse(readHeader());
        hasChecksums = Checksums.areIn(header);
    }

    private byte[] readHeader() throws IOException {
        byte[] start = in.readNBytes(Long.BYTES);
        if (start.length < Long.BYTES) {
            throw kind.foreign(file, start.length == 0 ? "it is empty" : "it has only " + start.length + " bytes");
        }
        headerLength = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerLength < 2 || headerLength > SafetensorsHeader.LARGEST) {
            throw kind.foreign(file, "it starts with '" + new String(start, StandardCharsets.ISO_8859_1) + "'");
        }
        byte[] bytes = in.readNBytes((int) headerLength); // takes memory as bytes come
        if (bytes.length > 0 && bytes[0] != '{') {
            throw kind.foreign(file, "its header does not start with '{'");
        }
        if (bytes.length < headerLength) {
            throw ModelFileException.truncated(file, headerLength - bytes.length, false);
        }
        return bytes;
    }

    private SafetensorsHeader parse(byte[] bytes) throws ModelFileException {
        try {
            return SafetensorsHeader.parse(bytes);
        } catch (IllegalArgumentException e) {
            throw kind.foreign(file, "its header cannot be read: " + e.getMessage());
        }
    }

    SafetensorsHeader header() {
        return header;
    }

    /**
     * Says how many bytes all tensors take, before the first is read.
     *
     * @throws ModelFileException when the file is known to be shorter
     * @throws IllegalArgumentException when it is known to be longer
     */
    void begin(long length) throws ModelFileException {
        missing = length;
        if (size == UNKNOWN) {
            return;
        }
        long left = size - Long.BYTES - headerLength;
        if (left < length) {
            throw ModelFileException.truncated(file, length - left, true);
        }
        if (left > length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%,d bytes follow its last tensor", left - length));
        }
    }

    /** The next numbers, of a tensor in {@code F32}. */
    float[] floats(int count) throws IOException {
        float[] values = new float[initialLength(count)];
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

    /** The next numbers, of a tensor in {@code F64}. */
    double[] doubles(int count) throws IOException {
        double[] values = new double[initialLength(count)];
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

    /** All of it when the file is known to have that many numbers. */
    private int initialLength(int count) {
        return size == UNKNOWN ? Math.min(count, CHUNK) : count;
    }

    private void load(int bytes) throws IOException {
        int found = in.readNBytes(chunk, 0, bytes);
        missing -= found;
        if (found < bytes) {
            throw ModelFileException.truncated(file, missing, true);
        }
        if (hasChecksums) {
            digest.update(chunk, 0, bytes);
        }
    }

    /**
     * Checks that nothing follows, and the checksum of the tensors.
     *
     * @throws IllegalArgumentException when something follows, or the tensors are damaged
     */
    void end() throws IOException {
        if (in.read() >= 0) {
            throw new IllegalArgumentException("more bytes follow its last tensor");
        }
        Checksums.verifyTensors(header, digest);
    }
}
