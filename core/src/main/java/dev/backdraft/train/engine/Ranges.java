package dev.backdraft.train.engine;

import dev.backdraft.data.EvenSplit;

/**
 * How [0, length) of a vector is cut into ranges for threads: none so short that another thread had better not begin with it, and
 * each from a cache line of its own.
 */
public final class Ranges {
    private static final int SMALLEST = 8192; // floats: fewer are done before another thread has begun
    private static final int ALIGNMENT = 64; // floats

    private Ranges() {}

    /** Ranges for so many threads; at least 1. */
    public static int count(int length, int threads) {
        return Math.max(1, Math.min(threads, length / SMALLEST));
    }

    /** Where range {@code index} of {@code count} starts, and the one before it ends; the length for {@code index = count}. */
    public static int start(int length, int count, int index) {
        return index == count ? length : EvenSplit.first(length, count, index) / ALIGNMENT * ALIGNMENT;
    }
}
