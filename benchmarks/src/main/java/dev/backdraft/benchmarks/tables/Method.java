package dev.backdraft.benchmarks.tables;

import java.io.IOException;

/** A way to learn from a table. */
interface Method {
    /** What it is called in the report. */
    String name();

    /** Fits on the training rows and measures on the test rows. */
    Score run(Table table, long seed) throws IOException;

    /**
     * How good the answers are, and what they cost.
     *
     * @param loss mean log-loss of classes, or root of the mean squared error
     * @param further accuracy of classes, or mean absolute error
     * @param fitSeconds from raw rows to the model
     * @param rowsPerSecond scored, from raw rows to answers
     */
    record Score(double loss, double further, double fitSeconds, double rowsPerSecond) {}
}
