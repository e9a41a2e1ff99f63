package dev.backdraft.benchmarks.tables;

/** Measures how many rows a method scores in a second. */
final class Scoring {
    private static final double SECONDS = 1; // of passes at least

    private Scoring() {}

    /** Scores all rows once. */
    @FunctionalInterface
    interface Pass {
        void run() throws Exception;
    }

    /** Rows per second, after one pass to warm up. */
    static double rowsPerSecond(int rows, Pass pass) {
        try {
            pass.run();
            long start = System.nanoTime();
            long scored = 0;
            double seconds = 0;
            while (seconds < SECONDS) {
                pass.run();
                scored += rows;
                seconds = (System.nanoTime() - start) / 1e9;
            }
            return scored / seconds;
        } catch (Exception e) {
            throw new IllegalStateException("scoring failed", e);
        }
    }
}
