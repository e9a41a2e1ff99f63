package dev.backdraft.data;

import java.util.Arrays;

/**
 * One row as a reader delivers it: features, label and weight, before labels are resolved to classes and features are
 * standardised.
 *
 * <p>Features are dense ({@link #indices()} is null, {@link #values()} has one value a feature) or sparse ({@code values[i]}
 * belongs to feature {@code indices[i]}, ascending, all other features are zero). A dense and a sparse row with the same
 * features are the same row: every part of Backdraft treats them alike.
 *
 * <p>The arrays belong to the example and are never changed.
 */
public final class Example {
    private final float[] values;
    private final int[] indices;
    private final String labelText;
    private final double label;
    private final float weight;

    private Example(float[] values, int[] indices, String labelText, double label, float weight) {
        this.values = values;
        this.indices = indices;
        this.labelText = labelText;
        this.label = label;
        this.weight = weight;
    }

    /** A dense row with a label; the array is kept, not copied. */
    public static Example dense(float[] values, double label) {
        return new Example(values, null, null, label, 1);
    }

    /** A sparse row with a label; the arrays are kept, not copied. Indices are zero-based and ascending. */
    public static Example sparse(int[] indices, float[] values, double label) {
        if (indices.length != values.length) {
            throw new IllegalArgumentException(
                    "sparse row: " + indices.length + " indices but " + values.length + " values");
        }
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || (i > 0 && indices[i] <= indices[i - 1])) {
                throw new IllegalArgumentException(
                        "sparse row: indices must ascend from 0: " + Arrays.toString(indices));
            }
        }
        return new Example(values, indices, null, label, 1);
    }

    /** The same row with this label as the source wrote it; {@link #label()} is NaN when the text is not a number. */
    public Example withLabelText(String text, double number) {
        return new Example(values, indices, text, number, weight);
    }

    /** The same row with this label. */
    public Example withLabel(double newLabel) {
        return new Example(values, indices, labelText, newLabel, weight);
    }

    /** The same row with this weight: it counts like {@code newWeight} rows. */
    public Example withWeight(float newWeight) {
        return new Example(values, indices, labelText, label, newWeight);
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

    /** Label as a number; NaN when there is none or it is text. */
    public double label() {
        return label;
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
