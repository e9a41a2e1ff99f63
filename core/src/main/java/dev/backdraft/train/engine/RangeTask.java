package dev.backdraft.train.engine;

/** Something to do with the entries of vectors that lie in a range. */
@FunctionalInterface
public interface RangeTask {
    /** Does it with the entries from (inclusive) to (exclusive). */
    void run(int from, int to);
}
