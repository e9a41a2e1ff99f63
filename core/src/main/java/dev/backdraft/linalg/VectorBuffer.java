package dev.backdraft.linalg;

/**
 * A thread's part of a large array. A vector that lies across two cache lines is read in two steps, and Java does not
 * expose addresses; but G1, the usual collector, puts arrays of this size at the beginning of a region of the heap
 * and never moves them, so that their alignment is known. With another collector, alignment is not guaranteed.
 *
 * <p>A part stays with the thread that took it, and 4 MB stay reachable while one of its threads lives.
 *
 * @param values the large array
 * @param offset of this part's first entry
 */
record VectorBuffer(float[] values, int offset) {
    private static final int LINE = 64 / Float.BYTES; // a cache line
    private static final int HEADER = 16 / Float.BYTES; // of an array
    private static final int ARRAY =
            (1 << 20) - LINE; // 4 MB with its header: half a region, or more, of heaps up to 16 GB

    private static float[] array = {};
    private static int used;

    /** A part of at least this many entries, of which nobody else has one. */
    static synchronized VectorBuffer take(int length) {
        if (used + length > array.length) {
            array = new float[Math.max(ARRAY, length + LINE)];
            used = LINE - HEADER;
        }
        VectorBuffer part = new VectorBuffer(array, used);
        used += (length + LINE - 1) / LINE * LINE;
        return part;
    }
}
