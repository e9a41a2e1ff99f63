package dev.backdraft.data;

import java.io.IOException;

/**
 * The rows of another reader without those that have an invalid value.
 *
 * @param counted rows that are skipped here; added to
 */
record SkippingReader(ExampleReader reader, SkippedRows counted) implements ForwardingReader {
    @Override
    public Example read() throws IOException {
        while (true) {
            try {
                return reader.read();
            } catch (DataException e) {
                if (e.invalidValue() == null) {
                    throw e;
                }
                counted.add(e.invalidValue());
            }
        }
    }

    @Override
    public SkippedRows skipped() {
        SkippedRows all = new SkippedRows();
        all.add(counted);
        all.add(reader.skipped());
        return all;
    }
}
