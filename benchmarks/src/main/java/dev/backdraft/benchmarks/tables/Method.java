package dev.backdraft.benchmarks.tables;

import java.io.IOException;

/** A way to learn from a table. */
interface Method extends AutoCloseable {
    /** What it is called in the report. */
    String name();

    /** Why it cannot learn from a table, or cannot run on this machine; null if it can. */
    default String absence(Table table) {
        return null;
    }

    /** Fits on the training rows and measures on the test rows. */
    Score run(Table table, long seed) throws IOException, InterruptedException;

    /** Releases what the runs have shared. */
    @Override
    default void close() {}

    /**
     * How good the answers are, and what they cost.
     *
     * @param loss mean log-loss of classes, or root of the mean squared error
     * @param further accuracy of classes, or mean absolute error
     * @param fitSeconds from raw rows to the model
     * @param rowsPerSecond scored by all cores, from raw rows to answers
     */
    record Score(double loss, double further, double fitSeconds, double rowsPerSecond) {}
}
