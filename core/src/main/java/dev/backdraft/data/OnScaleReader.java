package dev.backdraft.data;

import java.io.IOException;

/** The rows of another reader, whose labels are checked to be on a scale. */
record OnScaleReader(ExampleReader reader, LabelScale scale) implements ForwardingReader {
    @Override
    public Example read() throws IOException {
        Example row = reader.read();
        if (row != null) {
            RowCheck.checkScale(row, scale, reader::where);
        }
        return row;
    }
}
