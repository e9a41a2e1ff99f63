package dev.backdraft.linalg;

/**
 * Copies a panel of a factor, a few rows of A or columns of B, in the order in which a kernel reads it: the panel's entries for k = 0
 * side by side, then those for k = 1, and so on. Entries between {@code width} and
 * {@code padded} are left as they are: a kernel computes with them what nobody reads.
 */
final class Packing {
    private static final int CHUNK = 32; // so few entries of each row that all of them stay in the first cache

    private Packing() {}

    /** From a factor where the entries for one k lie side by side, and those of the next k are {@code stride} apart. */
    static void copy(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        for (int p = 0; p < k; p++) {
            System.arraycopy(from, at + p * stride, to, toAt + p * padded, width);
        }
    }

    /** From a factor where the entries for one row or column lie side by side, and those of the next are {@code stride} apart. */
    static void interleave(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        for (int p = 0; p < k; p += CHUNK) {
            interleaveChunk(Math.min(CHUNK, k - p), width, padded, from, at + p, stride, to, toAt + p * padded);
        }
    }

    private static void interleaveChunk(
            int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int i = 0;
        for (; i + 4 <= width; i += 4) {
            int from0 = at + i * stride;
            int from1 = from0 + stride;
            int from2 = from1 + stride;
            int from3 = from2 + stride;
            int next = toAt + i;
            for (int p = 0; p < k; p++) {
                to[next] = from[from0 + p];
                to[next + 1] = from[from1 + p];
                to[next + 2] = from[from2 + p];
                to[next + 3] = from[from3 + p];
                next += padded;
            }
        }
        for (; i < width; i++) {
            for (int p = 0; p < k; p++) {
                to[toAt + i + p * padded] = from[at + i * stride + p];
            }
        }
    }
}
