package dev.backdraft.data;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What lies between a row as it is stored and the numbers a network sees. Kept in the model and applied by everything
 * that reads rows for it.
 *
 * @param featureNames of the columns in order; empty when the source has no names
 * @param labelName of the label's column, or null
 * @param classNames of classes 0, 1, …, in order; empty when labels are numbers already
 * @param features scales the features; null: as they are
 * @param label standardizes the labels of a regression on their scale, a column for each output; where several outputs
 *     describe one label, the first column is that of the label; null: as they are
 * @param columns makes the features of the cells of raw rows; then the feature names are those of its columns. Null:
 *     rows have features
 * @param labelScale the scale on which a regression learns its labels
 */
public record Preprocessing(
        List<String> featureNames,
        String labelName,
        List<String> classNames,
        Standardizer features,
        Standardizer label,
        RowEncoder columns,
        LabelScale labelScale)
        implements Serializable {
    public Preprocessing {
        Objects.requireNonNull(labelScale, "labelScale");
        featureNames = List.copyOf(featureNames);
        classNames = List.copyOf(classNames);
    }

    /** Of rows that have features. */
    public Preprocessing(
            List<String> featureNames,
            String labelName,
            List<String> classNames,
            Standardizer features,
            Standardizer label) {
        this(featureNames, labelName, classNames, features, label, null, LabelScale.LINEAR);
    }

    /** Features and labels as they are. */
    public static Preprocessing none() {
        return new Preprocessing(List.of(), null, List.of(), null, null);
    }

    /** The same with other names of classes. */
    public Preprocessing withClassNames(List<String> names) {
        return new Preprocessing(featureNames, labelName, names, features, label, columns, labelScale);
    }

    /** The same with other names of the features and the label. */
    public Preprocessing withNames(List<String> newFeatureNames, String newLabelName) {
        return new Preprocessing(newFeatureNames, newLabelName, classNames, features, label, columns, labelScale);
    }

    /** How labels are transformed before a network learns them. */
    public LabelScaling labelScaling() {
        return new LabelScaling(labelScale, label);
    }

    /**
     * The one label as a number: the index of its class, or its value on the label's scale, centered if that is to be
     * done in double, not yet standardized.
     *
     * @throws DataException when the label is of no known class, or no number
     */
    public float resolve(Example row) {
        if (classNames.isEmpty()) {
            return onScale(0, row.label());
        }
        String text = row.labelText() != null ? row.labelText() : numberText(row.label());
        int index = classNames.indexOf(text);
        if (index < 0 && !Double.isNaN(row.label())) {
            index = classNames.indexOf(numberText(row.label()));
        }
        if (index < 0) {
            throw new DataException(
                    "label '%s' is not one of the model's classes: %s", text, String.join(", ", classNames));
        }
        return index;
    }

    /** A label on its scale, centered if that is to be done in double. */
    private float onScale(int k, double value) {
        double onScale = labelScale.apply(value);
        return label == null ? (float) onScale : label.center(k, onScale);
    }

    /**
     * The row, its features centered where that is to be done in double, as {@link Standardizer#apply} takes them; its
     * several labels too, on their scale. What doubles it has besides is dropped. Of a raw row, the cells become
     * features.
     *
     * @param where names the row for an error message
     * @throws DataException when the cells of a raw row are not those of the columns
     */
    public Example center(Example given, Supplier<String> where) {
        Example row = given.cells() == null ? given : encode(given, where);
        Example centered = features == null ? row.rounded() : features.center(row);
        boolean same = labelScale == LabelScale.LINEAR && (label == null || !label.centersAny());
        if (row.labels() == null || same) {
            return centered;
        }
        float[] labels = new float[row.labelCount()];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = onScale(k, row.label(k));
        }
        return centered.withLabels(labels);
    }

    private Example encode(Example raw, Supplier<String> where) {
        if (columns == null) {
            throw new DataException("%s has the cells of a table, but the model takes numbers", where.get());
        }
        return columns.encode(raw, where);
    }

    /** Standardizes a row's resolved labels, {@code values[from … from + count)}, as the loss takes them; in place. */
    public void scaleLabels(float[] values, int from, int count) {
        for (int k = 0; label != null && k < count; k++) {
            values[from + k] = label.apply(k, values[from + k]);
        }
    }

    /** A whole number without a fraction, others as Java writes them. */
    public static String numberText(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
