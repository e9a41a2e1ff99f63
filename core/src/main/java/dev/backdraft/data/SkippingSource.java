package dev.backdraft.data;

import java.io.IOException;

/** The rows of another source without those that have an invalid value. */
record SkippingSource(ExampleSource source) implements ForwardingSource {
    @Override
    public ExampleReader open(int part) throws IOException {
        return source.open(part).skippingInvalid();
    }
}
