package dev.backdraft.data;

import java.io.IOException;

/** The rows of another source without those with a label that is not on a scale. */
record OnScaleSource(ExampleSource source, LabelScale scale) implements ForwardingSource {
    @Override
    public ExampleReader open(int part) throws IOException {
        return source.open(part).skippingOffScale(scale);
    }
}
