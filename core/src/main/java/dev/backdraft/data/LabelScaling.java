package dev.backdraft.data;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.util.Objects;

/**
 * From the labels of a regression to what its network learns, and back: first the scale, then the standardizer.
 *
 * <p>Where the standardizer centers a column in double, labels in their own unit are left relative to a number, {@link
 * #offset}, as floats would lose their differences.
 *
 * @param scale of the label
 * @param standardizer of the label on that scale, a column for each output; null: it is not standardized
 */
public record LabelScaling(LabelScale scale, Standardizer standardizer) implements Serializable {
    /** Labels as they are. */
    public static final LabelScaling NONE = new LabelScaling(LabelScale.LINEAR, null);

    public LabelScaling {
        Objects.requireNonNull(scale, "scale");
    }

    /** Whether the network learns the labels as they are. */
    public boolean isNone() {
        return scale == LabelScale.LINEAR && standardizer == null;
    }

    /** What the network learns, for people: {@code the standardized logarithm of the label}. */
    public String description() {
        String label =
                switch (scale) {
                    case LINEAR -> "label";
                    case LOG -> "logarithm of the label";
                    case LOG1P -> "logarithm of 1 + the label";
                };
        return "the " + (standardizer == null ? "" : "standardized ") + label;
    }

    /** Whether any output is relative to an {@link #offset}. */
    public boolean centersAny() {
        return standardizer != null && standardizer.centersAny();
    }

    /** What is to be added to an output after {@link #invert} or {@link #unscale}, else 0. */
    public double offset(int output) {
        double center = center(output);
        return center == 0 ? 0 : scale.invert(center);
    }

    /** The number on the scale that the float of a column is relative to, or 0. */
    private double center(int output) {
        return standardizer == null ? 0 : standardizer.offset(output);
    }

    /** Turns what the network predicts or learns into labels in their own unit, less the offset; in place. */
    public void invert(Matrix values) {
        if (scale == LabelScale.LINEAR) {
            if (standardizer != null) {
                standardizer.invert(values);
            }
            return;
        }
        unscale(values, standardizer);
    }

    /**
     * Turns labels that are on the scale, but not standardized, into labels in their own unit, less the offset; in
     * place.
     */
    void unscale(Matrix values) {
        if (scale != LabelScale.LINEAR) {
            unscale(values, null);
        }
    }

    /** @param standardized by what the values are standardized; null: they are not */
    private void unscale(Matrix values, Standardizer standardized) {
        int count = values.rows();
        for (int n = 0; n < values.columns(); n++) {
            for (int k = 0; k < count; k++) {
                double value = values.get(k, n);
                double onScale = standardized == null ? value : standardized.invert(k, value);
                double center = center(k);
                values.set(k, n, (float) (center == 0 ? scale.invert(onScale) : scale.difference(center, onScale)));
            }
        }
    }
}
