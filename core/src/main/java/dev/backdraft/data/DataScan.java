package dev.backdraft.data;

import dev.backdraft.json.Require;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * One pass over the rows of a data set before training: counts, labels, exact moments of the features, a fingerprint. Scans of
 * parts add up to the scan of the whole, bit for bit, in any order. Mutable, not thread-safe.
 */
public final class DataScan implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long VALIDATION = 0x76616c6964L; // the purpose of the draw

    private final int featureCount;
    private final Split split;
    private final LabelScale scale; // of the labels
    private final Moments features; // of the training rows; null when not asked for
    private Moments label; // as of the first training row, which tells how many labels there are
    private final LabelSummary labels = new LabelSummary();
    private final LabelCounts validationLabels = new LabelCounts();
    private long trainingRows;
    private long validationRows;
    private long weightlessRows;
    private final SkippedRows skipped = new SkippedRows();
    private final RowsFingerprint source = new RowsFingerprint();
    private final CountingColumns counting;
    private boolean known; // the features are those of a model
    private long fingerprintHigh;
    private long fingerprintLow;
    private long offScale; // rows with a label that is not on the scale
    private LabelSummary.Place firstOffScale; // or null
    private CenteringScan centering; // null: no column is centered in double

    /**
     * Which rows are kept back for validation: each with this probability, by a hash of its features and weight. So copies of a
     * row fall on the same side, and the split does not depend on order or partitioning.
     */
    public static final class Split implements Serializable {
        private static final long serialVersionUID = 1;

        private final long seed;
        private final double validationFraction;

        /** Keeps back this share of the rows, at least 0 and below 1. */
        public Split(long seed, double validationFraction) {
            Require.fraction("the share of validation rows", validationFraction);
            this.seed = seed;
            this.validationFraction = validationFraction;
        }

        /** Whether a row is for validation. */
        public boolean isValidation(Example row) {
            return validationFraction > 0 && RowKey.of(seed, row, 0).fraction(VALIDATION) < validationFraction;
        }
    }

    /**
     * @param featureCount that every row must have
     * @param standardize whether the moments of features and labels are wanted
     */
    public DataScan(int featureCount, Split split, boolean standardize) {
        this(featureCount, split, standardize, LabelScale.LINEAR);
    }

    /**
     * @param featureCount that every row must have
     * @param standardize whether the moments of features and labels are wanted
     * @param scale on which the moments of the labels are wanted
     */
    public DataScan(int featureCount, Split split, boolean standardize, LabelScale scale) {
        this.featureCount = featureCount;
        this.split = split;
        this.scale = scale;
        counting = new CountingColumns(featureCount);
        features = standardize ? new Moments(featureCount) : null;
    }

    /** This scan, of rows whose features must be those of a model: the message about others says so. */
    public DataScan ofKnownFeatures() {
        known = true;
        return this;
    }

    /**
     * Adds a row.
     *
     * @param where names the row for an error message
     * @throws DataException when the row is wider than the network's input, a dense one narrower, or {@link RowCheck} refuses it
     */
    public void add(Example row, Supplier<String> where) {
        boolean counts = RowCheck.counts(row, where);
        counting.add(row);
        if (!counts) {
            weightlessRows++;
            return;
        }
        if (row.isSparse() ? row.width() > featureCount : row.width() != featureCount) {
            throw known
                    ? new DataException(
                            "%s has %d features, but the model to start from takes %d: give rows with the features"
                                    + " that it was trained on",
                            where.get(), row.width(), featureCount)
                    : new DataException(
                                    "%s has %d features, but the network takes %d: change the first number of the"
                                            + " layers",
                                    where.get(), row.width(), featureCount)
                            .about(DataException.Setting.LAYERS);
        }
        RowCheck.check(row, where);
        labels.add(row, where);
        boolean isOnScale = checkScale(row, where);
        RowKey key = RowsFingerprint.key(row);
        source.add(row, key);
        fingerprintHigh += key.high();
        fingerprintLow += key.low();
        if (split.isValidation(row)) {
            validationRows++;
            validationLabels.add(row);
            return;
        }
        trainingRows++;
        if (features != null && isOnScale) {
            features.add(row);
            addLabels(row);
        }
    }

    /** Whether all labels of a row are on the scale, or none is a number; the others are counted. */
    private boolean checkScale(Example row, Supplier<String> where) {
        int off = RowCheck.offScale(row, scale);
        if (off < 0) {
            return true;
        }
        offScale++;
        firstOffScale = firstOffScale != null ? firstOffScale : new LabelSummary.Place(row.label(off), where.get());
        return false;
    }

    private void addLabels(Example row) {
        if (row.labels() != null && scale == LabelScale.LINEAR) {
            labelMoments(row.labelCount()).add(row.labels(), row.weight());
        } else if (row.labels() != null) {
            float[] values = new float[row.labelCount()];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) scale.apply(row.label(k));
            }
            labelMoments(values.length).add(values, row.weight());
        } else {
            double value = scale.apply(row.label());
            labelMoments(1).add(Double.isNaN(value) ? 0 : (float) value, row.weight());
        }
        for (int k = 0; k < label.columns(); k++) {
            double exact = scale.apply(row.label(k));
            if (exact != (float) exact && !Double.isNaN(exact)) {
                label.markRounded(k);
            }
        }
    }

    private Moments labelMoments(int columns) {
        if (label == null) {
            label = new Moments(columns);
        }
        return label;
    }

    /** Adds rows that a reader has skipped; they count for nothing else. */
    public void addSkipped(SkippedRows rows) {
        skipped.add(rows);
    }

    /** Adds rows that a reader has left out for a test; they count only for the {@link #source}. */
    public void addLeftOut(RowsFingerprint rows) {
        source.add(rows);
    }

    /** Adds the scan of other rows. */
    public void add(DataScan other) {
        skipped.add(other.skipped);
        source.add(other.source);
        counting.add(other.counting);
        labels.add(other.labels);
        validationLabels.add(other.validationLabels);
        trainingRows += other.trainingRows;
        validationRows += other.validationRows;
        weightlessRows += other.weightlessRows;
        fingerprintHigh += other.fingerprintHigh;
        fingerprintLow += other.fingerprintLow;
        offScale += other.offScale;
        firstOffScale = firstOffScale != null ? firstOffScale : other.firstOffScale;
        if (features != null) {
            features.add(other.features);
            if (other.label != null) {
                labelMoments(other.label.columns()).add(other.label);
            }
        }
    }

    /**
     * A second pass to make over the same rows, before the standardizers are asked for; null when floats lose nothing that counts.
     */
    public CenteringScan centering() {
        if (offScale > 0) {
            return null; // such rows are refused
        }
        int[] ofFeatures = features == null ? new int[0] : features.narrowColumns();
        int[] ofLabels = label == null || labels.isText() ? new int[0] : label.narrowColumns();
        return ofFeatures.length + ofLabels.length == 0 ? null : new CenteringScan(ofFeatures, ofLabels, split, scale);
    }

    /** Takes the result of the second pass. */
    public void center(CenteringScan scanned) {
        centering = scanned;
    }

    public LabelSummary labels() {
        return labels;
    }

    /** The number of rows with a label that is not on the scale, those kept back for validation included. */
    public long offScale() {
        return offScale;
    }

    /** A row with such a label; null without any. */
    public LabelSummary.Place firstOffScale() {
        return firstOffScale;
    }

    public long trainingRows() {
        return trainingRows;
    }

    public long validationRows() {
        return validationRows;
    }

    /** The most frequent label of the rows for validation; null when there are none, or it is not known. */
    public Majority validationMajority() {
        return validationLabels.majority();
    }

    /** The rows that do not count, as their weight is 0. */
    public long weightlessRows() {
        return weightlessRows;
    }

    /** The rows that readers have skipped. */
    public SkippedRows skipped() {
        return skipped;
    }

    /** All rows that count, those kept back for validation and those left out for a test included. */
    public RowsFingerprint source() {
        return source;
    }

    /** The features that only count the rows, as a row number does, ascending. */
    public List<Integer> countingFeatures() {
        return Arrays.stream(counting.find(source.count() + weightlessRows + skipped.total()))
                .boxed()
                .toList();
    }

    /** A hash of all rows that count, with their weights, that does not depend on their order. */
    public String fingerprint() {
        return String.format(Locale.ROOT, "%016x%016x", fingerprintHigh, fingerprintLow);
    }

    /** Scales the features by the training rows' moments; null when they were not asked for. */
    public Standardizer featureStandardizer() {
        Standardizer ofFloats = features == null ? null : features.standardizer();
        return ofFloats == null || centering == null ? ofFloats : centering.refineFeatures(ofFloats);
    }

    /** Standardizes the labels, on their scale, by the training rows' moments; null when they were not asked for. */
    public Standardizer labelStandardizer() {
        Standardizer ofFloats = label == null ? null : label.standardizer();
        return ofFloats == null || centering == null ? ofFloats : centering.refineLabels(ofFloats);
    }
}
