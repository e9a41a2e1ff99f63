package dev.backdraft.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** A data set in files, divided into parts. Any machine that can access the files can read a part. */
public interface ExampleSource extends Serializable {
    /** Number of parts. */
    int parts();

    /** Opens a part, counted from 0; the caller closes it. */
    ExampleReader open(int part) throws IOException;

    /** Names of the features in order; empty when the source has none. */
    List<String> featureNames();

    /** Name of the label, or null. */
    String labelName();

    /** What has turned the cells of raw rows into these rows' numbers; null when they never were raw. */
    default RowEncoder encoder() {
        return null;
    }

    /** The same rows without those that have an {@linkplain InvalidValue invalid value}; readers count them. */
    default ExampleSource skippingInvalid() {
        return new SkippingSource(this);
    }

    /** The same rows without those with a label that a scale does not accept; readers count them. */
    default ExampleSource skippingOffScale(LabelScale scale) {
        return scale == LabelScale.LINEAR ? this : new OnScaleSource(this, scale);
    }

    /**
     * The same rows with their features as labels, for a network that reproduces its inputs.
     *
     * @param width number of features that every row has; a row with others is a {@link DataException} when it is read
     */
    default ExampleSource labelledByFeatures(int width) {
        return new FeatureLabelsSource(this, width);
    }
}
