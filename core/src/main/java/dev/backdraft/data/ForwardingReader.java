package dev.backdraft.data;

import java.io.IOException;
import java.util.List;

/** A reader of the rows of another one, about which it tells what that one does. Closing it closes the other one. */
public interface ForwardingReader extends ExampleReader {
    /** The other reader. */
    ExampleReader reader();

    @Override
    default List<String> kept() {
        return reader().kept();
    }

    @Override
    default SkippedRows skipped() {
        return reader().skipped();
    }

    @Override
    default RowsFingerprint leftOut() {
        return reader().leftOut();
    }

    @Override
    default String where() {
        return reader().where();
    }

    @Override
    default void close() throws IOException {
        reader().close();
    }
}
