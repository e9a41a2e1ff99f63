package dev.backdraft.data;

import java.util.List;

/**
 * Rows in memory, for one machine.
 *
 * @param rows that the source has; the list is kept and must not change
 * @param featureNames of the features, or the columns of raw rows, in order; empty when they have none
 * @param labelName or null
 */
public record MemorySource(List<Example> rows, List<String> featureNames, String labelName) implements ExampleSource {
    @Override
    public int parts() {
        return 1;
    }

    @Override
    public ExampleReader open(int part) {
        return new Reader(rows);
    }

    /** Reads a list. */
    private static final class Reader implements ExampleReader {
        private final List<Example> rows;
        private int next;

        Reader(List<Example> rows) {
            this.rows = rows;
        }

        @Override
        public Example read() {
            return next == rows.size() ? null : rows.get(next++);
        }

        @Override
        public String where() {
            return "row " + (next - 1);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
