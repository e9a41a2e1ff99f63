package dev.backdraft.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Reads rows one after the other. Not thread-safe; closing it closes what it reads from. */
public interface ExampleReader extends Closeable {
    /**
     * Returns the next row, or null at the end. A value that is not a finite number is reported here, as {@link DataException}
     * with the file, line (or row) and column.
     */
    Example read() throws IOException;

    /** The texts of the columns that are kept beside the row that {@link #read} returned last; empty when none are. */
    default List<String> kept() {
        return List.of();
    }

    /** The rows that this reader has skipped so far; a copy or a live count, not to be changed. */
    default SkippedRows skipped() {
        return new SkippedRows();
    }

    /**
     * The same rows without those that have an {@linkplain InvalidValue invalid value}, which are counted: for a reader
     * that goes on with the next row after it has refused one. Closing it closes this one.
     */
    default ExampleReader skippingInvalid() {
        return new SkippingReader(this, new SkippedRows());
    }

    /**
     * The same rows without those with a label that a scale does not accept, which are counted. Closing it closes this
     * one.
     */
    default ExampleReader skippingOffScale(LabelScale scale) {
        return scale == LabelScale.LINEAR
                ? this
                : new SkippingReader(new OnScaleReader(this, scale), new SkippedRows());
    }

    /**
     * The same rows with their features as labels, for a network that reproduces its inputs. Closing it closes this
     * one.
     *
     * @param width number of features that every row has; a row with others is a {@link DataException}
     */
    default ExampleReader labelledByFeatures(int width) {
        return new FeatureLabelsReader(this, width);
    }

    /** The rows that this reader has left out so far because they are for a test; a live sum, not to be changed. */
    default RowsFingerprint leftOut() {
        return new RowsFingerprint();
    }

    /** Names the row that {@link #read} returned last, for a message: {@code iris.csv line 17}. */
    String where();
}
