package dev.backdraft.data;

import java.io.IOException;
import java.util.List;

/** The rows of another source without those that have an invalid value. */
record SkippingSource(ExampleSource source) implements ExampleSource {
    @Override
    public int parts() {
        return source.parts();
    }

    @Override
    public RowEncoder encoder() {
        return source.encoder();
    }

    @Override
    public ExampleReader open(int part) throws IOException {
        return new Reader(source.open(part), new SkippedRows());
    }

    @Override
    public List<String> featureNames() {
        return source.featureNames();
    }

    @Override
    public String labelName() {
        return source.labelName();
    }

    /**
     * Relies on readers going on with the next row after they have refused one.
     *
     * @param skipped added to
     */
    private record Reader(ExampleReader reader, SkippedRows skipped) implements ForwardingReader {
        @Override
        public Example read() throws IOException {
            while (true) {
                try {
                    return reader.read();
                } catch (DataException e) {
                    if (e.invalidValue() == null) {
                        throw e;
                    }
                    skipped.add(e.invalidValue());
                }
            }
        }
    }
}
