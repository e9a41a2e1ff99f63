package dev.backdraft.column;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.ForwardingReader;
import dev.backdraft.data.RowEncoder;
import java.io.IOException;
import java.util.List;

/**
 * Raw rows as numbers.
 *
 * @param source of raw rows
 */
public record EncodedSource(ExampleSource source, RowEncoder encoder) implements ExampleSource {
    @Override
    public int parts() {
        return source.parts();
    }

    @Override
    public ExampleReader open(int part) throws IOException {
        return reader(source.open(part), encoder);
    }

    @Override
    public List<String> featureNames() {
        return source.featureNames();
    }

    @Override
    public String labelName() {
        return source.labelName();
    }

    /** The raw rows of a reader as numbers. Closing it closes the reader. */
    public static ExampleReader reader(ExampleReader raw, RowEncoder encoder) {
        return new Reader(raw, encoder);
    }

    private record Reader(ExampleReader reader, RowEncoder encoder) implements ForwardingReader {
        @Override
        public Example read() throws IOException {
            Example row = reader.read();
            return row == null ? null : encoder.encode(row, this::where);
        }
    }
}
