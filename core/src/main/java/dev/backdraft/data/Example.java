package dev.backdraft.data;

import java.util.Arrays;

/**
 * One row of a data set: features, label and weight, before labels are resolved to classes and features are standardized. A row
 * may have several labels, all numbers: one for each output of a network that predicts several values or answers several
 * questions.
 *
 * <p>Features are dense ({@link #indices()} is null, {@link #values()} has one value a feature) or sparse ({@code values[i]}
 * belongs to feature {@code indices[i]}, ascending, all other features are zero). A dense and a sparse row with the same
 * features are the same row everywhere. A <em>raw</em> row has the {@link #cells()} of a table instead of features.
 *
 * <p>The arrays belong to the example and are never changed.
 */
public final class Example {
    private static final float[] NO_VALUES = {};

    private final float[] values;
    private final int[] indices;
    private final double[] doubles; // what values were rounded from; null: they are exact
    private final Cells cells; // of a raw row, which has no values yet; else null
    private final String labelText;
    private final double label;
    private final float[] labels; // null: one label
    private final double[] labelDoubles; // what labels were rounded from; null: they are exact
    private final float weight;

    private Example(
            float[] values,
            int[] indices,
            double[] doubles,
            Cells cells,
            String labelText,
            double label,
            float[] labels,
            double[] labelDoubles,
            float weight) {
        this.values = values;
        this.indices = indices;
        this.doubles = doubles;
        this.cells = cells;
        this.labelText = labelText;
        this.label = label;
        this.labels = labels;
        this.labelDoubles = labelDoubles;
        this.weight = weight;
    }

    /** A dense row with a label; the array is kept, not copied. */
    public static Example dense(float[] values, double label) {
        return new Example(values, null, null, null, null, label, null, null, 1);
    }

    /**
     * A dense row of doubles: {@link #values()} are the nearest floats. The rest of each double is kept, too, so that a column
     * with a large mean and a small deviation can be {@linkplain Standardizer centered in double}. The array is kept, not
     * copied.
     */
    public static Example dense(double[] values, double label) {
        float[] floats = new float[values.length];
        return new Example(floats, null, narrow(values, floats), null, null, label, null, null, 1);
    }

    /**
     * A raw row, whose features are the cells of a table and no numbers yet; a {@link RowEncoder} makes them numbers.
     */
    public static Example raw(Cells cells, double label) {
        return new Example(NO_VALUES, null, null, cells, null, label, null, null, 1);
    }

    /** A sparse row with a label; the arrays are kept, not copied. Indices are zero-based and ascending. */
    public static Example sparse(int[] indices, float[] values, double label) {
        checkIndices(indices, values.length);
        return new Example(values, indices, null, null, null, label, null, null, 1);
    }

    /** A sparse row of doubles; see {@link #dense(double[], double)} and {@link #sparse(int[], float[], double)}. */
    public static Example sparse(int[] indices, double[] values, double label) {
        checkIndices(indices, values.length);
        float[] floats = new float[values.length];
        return new Example(floats, indices, narrow(values, floats), null, null, label, null, null, 1);
    }

    private static void checkIndices(int[] indices, int values) {
        if (indices.length != values) {
            throw new IllegalArgumentException("sparse row: " + indices.length + " indices but " + values + " values");
        }
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || (i > 0 && indices[i] <= indices[i - 1])) {
                throw new IllegalArgumentException(
                        "sparse row: indices must ascend from 0: " + Arrays.toString(indices));
            }
        }
    }

    /** Overwrites floats with the nearest ones, −0 becoming 0; the doubles, or null when nothing was lost. */
    private static double[] narrow(double[] doubles, float[] floats) {
        boolean exact = true;
        for (int i = 0; i < doubles.length; i++) {
            floats[i] = (float) doubles[i] + 0f;
            exact &= floats[i] == doubles[i];
        }
        return exact ? null : doubles;
    }

    /** The same row with this label as the source wrote it; {@link #label()} is NaN when the text is not a number. */
    public Example withLabelText(String text, double number) {
        return new Example(values, indices, doubles, cells, text, number, null, null, weight);
    }

    /** The same row with this label. */
    public Example withLabel(double newLabel) {
        return new Example(values, indices, doubles, cells, labelText, newLabel, null, null, weight);
    }

    /**
     * The same row with these labels, one or more, all finite; one is the same as {@link #withLabel}. The array is kept, not
     * copied.
     */
    public Example withLabels(float[] newLabels) {
        return withLabels(newLabels, null);
    }

    /** Like {@link #withLabels(float[])}; {@link #labels()} are the nearest floats, and what they lose is kept. */
    public Example withLabels(double[] newLabels) {
        float[] floats = new float[newLabels.length];
        return withLabels(floats, narrow(newLabels, floats));
    }

    private Example withLabels(float[] newLabels, double[] exact) {
        if (newLabels.length == 0) {
            throw new IllegalArgumentException("a row needs at least one label");
        }
        for (int k = 0; k < newLabels.length; k++) {
            if (!Float.isFinite(newLabels[k])) {
                throw new IllegalArgumentException("label " + k + " is " + newLabels[k] + ", not a finite number");
            }
        }
        return newLabels.length == 1
                ? withLabel(exact == null ? newLabels[0] : exact[0])
                : new Example(values, indices, doubles, cells, null, Double.NaN, newLabels, exact, weight);
    }

    /**
     * The same row with its features as labels, zeros included: for a network that reproduces its inputs. Labels keep
     * all the digits that features have.
     *
     * @param width number of features of every row
     * @return this row itself when its weight is 0, as it does not count
     * @throws DataException when this one has more, or, if it is dense, fewer
     */
    public Example labelledByFeatures(int width) {
        if (weight == 0) {
            return this;
        }
        if (isSparse() ? width() > width : width() != width) {
            throw new DataException("a row has %d features, but others have %d", width(), width);
        }
        if (indices == null) {
            return new Example(values, null, doubles, cells, null, Double.NaN, values, doubles, weight);
        }
        float[] all = new float[width];
        copyTo(all, 0, width);
        double[] exact = null;
        if (doubles != null) {
            exact = new double[width];
            for (int i = 0; i < indices.length; i++) {
                exact[indices[i]] = doubles[i];
            }
        }
        return new Example(values, indices, doubles, cells, null, Double.NaN, all, exact, weight);
    }

    /** The same row with this weight: it counts as {@code newWeight} rows. */
    public Example withWeight(float newWeight) {
        return new Example(values, indices, doubles, cells, labelText, label, labels, labelDoubles, newWeight);
    }

    /** The same row with nothing but floats as features; its labels keep what they have. */
    public Example rounded() {
        return doubles == null ? this : withFeatures(indices, values);
    }

    /** The cells of a raw row; null when it has {@link #values()}. */
    public Cells cells() {
        return cells;
    }

    /** The same row with these features, which are exact; the arrays are kept, not copied. */
    public Example withFeatures(int[] newIndices, float[] newValues) {
        return new Example(newValues, newIndices, null, null, labelText, label, labels, labelDoubles, weight);
    }

    /** What {@link #values()} were rounded from, or null when they are exact. Read only. */
    public double[] doubles() {
        return doubles;
    }

    /** A feature with all known digits; for a sparse row it may be 0. */
    public double value(int feature) {
        int place = indices == null ? feature : Arrays.binarySearch(indices, feature);
        return place < 0 ? 0 : doubles == null ? values[place] : doubles[place];
    }

    /** Label k of several, or the only label for k = 0, with all known digits. */
    public double label(int k) {
        return labels == null ? label : labelDoubles == null ? labels[k] : labelDoubles[k];
    }

    /** Feature values: all of them, or those at {@link #indices()}. Read only. */
    public float[] values() {
        return values;
    }

    /** Zero-based ascending feature indices of a sparse row, or null for a dense one. Read only. */
    public int[] indices() {
        return indices;
    }

    public boolean isSparse() {
        return indices != null;
    }

    /** Label as a number; NaN when there is none, it is text, or there are several. */
    public double label() {
        return label;
    }

    /** The labels of a row that has several, or null when it has one or none. Read only. */
    public float[] labels() {
        return labels;
    }

    /** Number of labels; 1 when there are not several. */
    public int labelCount() {
        return labels == null ? 1 : labels.length;
    }

    /** Label as the source wrote it, or null when the source is numeric. */
    public String labelText() {
        return labelText;
    }

    public float weight() {
        return weight;
    }

    /** Smallest number of features that holds this row. */
    public int width() {
        if (indices == null) {
            return values.length;
        }
        return indices.length == 0 ? 0 : indices[indices.length - 1] + 1;
    }

    /**
     * Writes its labels, which are numbers, to {@code out[from … from + count)}.
     *
     * @throws DataException when it has fewer
     */
    public void copyLabelsTo(float[] out, int from, int count) {
        if (labelCount() != count) {
            throw new DataException("a row has %d labels, but others have %d", labelCount(), count);
        }
        if (labels == null) {
            out[from] = (float) label;
        } else {
            System.arraycopy(labels, 0, out, from, count);
        }
    }

    /** Writes all features, zeros included, to {@code out[from … from + featureCount)}. */
    public void copyTo(float[] out, int from, int featureCount) {
        if (indices == null) {
            System.arraycopy(values, 0, out, from, featureCount);
            return;
        }
        Arrays.fill(out, from, from + featureCount, 0);
        for (int i = 0; i < indices.length; i++) {
            out[from + indices[i]] = values[i];
        }
    }
}
