package dev.backdraft.data;

import java.io.IOException;
import java.io.Serializable;

/**
 * Draws a share of the rows of a data set for a test, so that a training never sees them. A row is drawn by a hash of its features
 * and weight: copies of a row fall on the same side, and neither order nor partitioning matters. The draw is independent of that of
 * the validation rows ({@link DataScan.Split}).
 */
public final class TestSplit implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long TEST = 0x74657374L; // the purpose of the draw

    private final long seed;
    private final double fraction;

    /**
     * @param fraction of the rows that are test rows, above 0 and below 1
     */
    public TestSplit(long seed, double fraction) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("the share of test rows must be above 0 and below 1: " + fraction);
        }
        this.seed = seed;
        this.fraction = fraction;
    }

    /** Whether a row is a test row. */
    public boolean isTest(Example row) {
        return RowKey.of(seed, row, 0).fraction(TEST) < fraction;
    }

    /** The test rows of a source, or all others. */
    public ExampleSource of(ExampleSource source, boolean test) {
        return new Source(source, this, test);
    }

    /** The test rows of a reader, or all others. Closing it closes the reader. */
    public ExampleReader of(ExampleReader reader, boolean test) {
        return new Reader(reader, this, test, new RowsFingerprint());
    }

    private record Source(ExampleSource source, TestSplit split, boolean test) implements ForwardingSource {
        @Override
        public ExampleReader open(int part) throws IOException {
            return split.of(source.open(part), test);
        }

        @Override
        public ExampleSource skippingInvalid() {
            return new Source(source.skippingInvalid(), split, test);
        }
    }

    /** @param leftOut the test rows that a reader of the others has left out */
    private record Reader(ExampleReader reader, TestSplit split, boolean test, RowsFingerprint leftOut)
            implements ForwardingReader {
        @Override
        public Example read() throws IOException {
            Example row = reader.read();
            while (row != null && split.isTest(row) != test) {
                if (!test && row.weight() > 0) {
                    leftOut.add(row);
                }
                row = reader.read();
            }
            return row;
        }
    }
}
