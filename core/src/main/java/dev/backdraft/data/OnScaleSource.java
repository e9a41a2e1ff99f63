package dev.backdraft.data;

import java.io.IOException;
import java.util.List;

/** The rows of another source without those with a label that is not on a scale. */
record OnScaleSource(ExampleSource source, LabelScale scale) implements ExampleSource {
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
        return source.open(part).skippingOffScale(scale);
    }

    @Override
    public List<String> featureNames() {
        return source.featureNames();
    }

    @Override
    public String labelName() {
        return source.labelName();
    }
}
