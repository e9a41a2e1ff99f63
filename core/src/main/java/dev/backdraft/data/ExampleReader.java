package dev.backdraft.data;

import java.io.Closeable;
import java.io.IOException;

/** Reads rows one after the other. Not thread-safe; closing it closes what it reads from. */
public interface ExampleReader extends Closeable {
    /**
     * Returns the next row, or null at the end. A value that is not a finite number is reported here, as {@link DataException}
     * with the file, line (or row) and column.
     */
    Example read() throws IOException;

    /** Names the row that {@link #read} returned last, for a message: {@code iris.csv line 17}. */
    String where();
}
