package dev.backdraft.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A second pass over the training rows, for those columns whose differences floats would lose: their exact moments as doubles.
 * Made by {@link DataScan#centering} when there are any. Scans of parts add up in any order, bit for bit. Mutable, not thread-safe.
 */
public final class CenteringScan implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] features;
    private final int[] labels;
    private final DataScan.Split split;
    private final LabelScale scale; // of the labels
    private final Moments featureMoments; // of columns features[0], features[1] …
    private final Moments labelMoments;

    CenteringScan(int[] features, int[] labels, DataScan.Split split, LabelScale scale) {
        this.features = features;
        this.labels = labels;
        this.split = split;
        this.scale = scale;
        featureMoments = new Moments(features.length);
        labelMoments = new Moments(labels.length);
    }

    /** A scan of no rows yet, for the same columns. */
    public CenteringScan fresh() {
        return new CenteringScan(features, labels, split, scale);
    }

    /** Number of columns. */
    public int columns() {
        return features.length + labels.length;
    }

    /** Whether doubles of the features are needed, not only those of labels. */
    public boolean needsFeatures() {
        return features.length > 0;
    }

    /** Adds a row that a {@link DataScan} has accepted. */
    public void add(Example row) {
        if (row.weight() == 0 || split.isValidation(row)) {
            return;
        }
        for (int i = 0; i < features.length; i++) {
            featureMoments.add(i, row.value(features[i]), row.weight());
        }
        for (int k = 0; k < labels.length; k++) {
            labelMoments.add(k, scale.apply(row.label(labels[k])), row.weight());
        }
        featureMoments.addWeight(row.weight());
        labelMoments.addWeight(row.weight());
    }

    /** Adds the scan of other rows. */
    public void add(CenteringScan other) {
        featureMoments.add(other.featureMoments);
        labelMoments.add(other.labelMoments);
    }

    /** A standardizer of floats, changed so that it centers these features in double. */
    Standardizer refineFeatures(Standardizer ofFloats) {
        return refine(ofFloats, features, featureMoments);
    }

    /** Like {@link #refineFeatures}, of the labels. */
    Standardizer refineLabels(Standardizer ofFloats) {
        return refine(ofFloats, labels, labelMoments);
    }

    private static Standardizer refine(Standardizer ofFloats, int[] columns, Moments moments) {
        double[] mean = ofFloats.mean();
        double[] deviation = ofFloats.deviation();
        Standardizer exact = moments.standardizer();
        double[] exactMean = exact.mean();
        double[] exactDeviation = exact.deviation();
        int[] centered = new int[columns.length];
        int count = 0;
        for (int i = 0; i < columns.length; i++) {
            if (!moments.isConstant(i)) { // a constant column is as it always was
                mean[columns[i]] = exactMean[i];
                deviation[columns[i]] = exactDeviation[i];
                centered[count++] = columns[i];
            }
        }
        return new Standardizer(mean, deviation, Arrays.copyOf(centered, count));
    }
}
