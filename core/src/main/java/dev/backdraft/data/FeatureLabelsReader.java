package dev.backdraft.data;

import java.io.IOException;

/** The rows of another reader with their features as labels. */
record FeatureLabelsReader(ExampleReader reader, int width) implements ForwardingReader {
    @Override
    public Example read() throws IOException {
        Example row = reader.read();
        if (row == null) {
            return null;
        }
        try {
            return row.labelledByFeatures(width);
        } catch (DataException e) {
            throw e.in(where());
        }
    }
}
