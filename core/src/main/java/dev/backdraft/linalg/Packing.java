package dev.backdraft.linalg;

/**
 * Copies a panel of a factor, or some terms of it: a few rows of A or columns of B, in the order in which a kernel
 * reads them: the panel's entries for k = 0 side by side, then those for k = 1, and so on. Entries between
 * {@code width} and {@code padded} are left as they are: a kernel computes with them what nobody reads.
 */
final class Packing {
    private static final int CHUNK = 32; // of each row or column, so that all of them stay in the first cache
    private static final int NARROW = 7; // up to here a loop is faster than a call that copies

    private Packing() {}

    /** From a factor where the entries for one k lie side by side, and those of the next k are {@code stride} apart. */
    static void copy(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        if (width <= NARROW) {
            copyNarrow(k, width, padded, from, at, stride, to, toAt);
            return;
        }
        for (int p = 0; p < k; p++) {
            System.arraycopy(from, at + p * stride, to, toAt + p * padded, width);
        }
    }

    private static void copyNarrow(
            int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int i = 0;
        for (; i + 4 <= width; i += 4) {
            int read = at + i;
            int write = toAt + i;
            for (int p = 0; p < k; p++) {
                to[write] = from[read];
                to[write + 1] = from[read + 1];
                to[write + 2] = from[read + 2];
                to[write + 3] = from[read + 3];
                read += stride;
                write += padded;
            }
        }
        for (; i < width; i++) {
            int read = at + i;
            int write = toAt + i;
            for (int p = 0; p < k; p++) {
                to[write] = from[read];
                read += stride;
                write += padded;
            }
        }
    }

    /**
     * From a factor where the entries for one row or column lie side by side, and those of the next are {@code stride}
     * apart.
     */
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
            int write = toAt + i;
            for (int p = 0; p < k; p++) {
                to[write] = from[from0 + p];
                to[write + 1] = from[from1 + p];
                to[write + 2] = from[from2 + p];
                to[write + 3] = from[from3 + p];
                write += padded;
            }
        }
        for (; i < width; i++) {
            int write = toAt + i;
            for (int p = 0; p < k; p++) {
                to[write] = from[at + i * stride + p];
                write += padded;
            }
        }
    }
}
