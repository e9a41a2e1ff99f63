package dev.backdraft.data;

import java.io.IOException;

/** The rows of another source with their features as labels, which have no column of their own. */
record FeatureLabelsSource(ExampleSource source, int width) implements ForwardingSource {
    @Override
    public ExampleReader open(int part) throws IOException {
        return source.open(part).labelledByFeatures(width);
    }

    @Override
    public String labelName() {
        return null;
    }
}
