package dev.backdraft.data;

import dev.backdraft.json.ValueText;
import java.util.function.Supplier;

/**
 * The rule for the numbers of a row, whichever way it comes in: features and numeric labels are finite and within the range of a
 * 32-bit float, a weight is finite and not negative. Readers apply it to the text or cell that they read, so that they can name it;
 * everything that takes rows applies it to rows that no reader has seen.
 */
public final class RowCheck {
    private RowCheck() {}

    /** Why a number cannot be a value of a row, as the rest of a message that names it; null when it can. */
    public static String fault(double number) {
        if (Double.isNaN(number)) {
            return "is not a finite number: correct it or remove the row";
        }
        if (Float.isFinite((float) number)) {
            return null;
        }
        return Double.isInfinite(number)
                ? "is not a finite number: correct it or remove the row"
                : "is beyond the range of a 32-bit float: scale the data down";
    }

    /**
     * Whether a row counts: one of weight 0 counts like no row at all.
     *
     * @param where names the row for an error message
     * @throws DataException when there is no row, or its weight is not a number of at least 0
     */
    public static boolean counts(Example row, Supplier<String> where) {
        if (row == null) {
            throw new DataException("%s is null: remove it", where.get());
        }
        float weight = row.weight();
        if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
            throw new DataException(
                    "%s: the weight is %s: a weight is a finite number, zero or more", where.get(), weight);
        }
        return weight != 0;
    }

    /**
     * Checks the features and the labels of a row. Missing labels and texts are not checked here.
     *
     * @param where names the row for an error message
     * @throws DataException naming the row and the feature or label
     */
    public static void check(Example row, Supplier<String> where) {
        float[] values = row.values();
        float zero = 0; // stays 0 as long as all are finite: one pass without a branch
        for (float value : values) {
            zero += value * 0f;
        }
        if (zero != 0) {
            refuseFeature(row, where);
        }
        checkLabel(row.label(), where);
    }

    /**
     * Checks a label that is a number, or NaN.
     *
     * @throws DataException naming the row and the label
     */
    public static void checkLabel(double label, Supplier<String> where) {
        String fault = Double.isNaN(label) ? null : fault(label);
        if (fault != null) {
            throw new DataException("%s: the label %s %s", where.get(), label, fault);
        }
    }

    /** The first label of a row that is not on a scale; −1 when all are. Missing labels and texts are not looked at. */
    static int offScale(Example row, LabelScale scale) {
        for (int k = 0; k < row.labelCount(); k++) {
            if (!Double.isNaN(row.label(k)) && !scale.accepts(row.label(k))) {
                return k;
            }
        }
        return -1;
    }

    /**
     * Checks that the labels of a row are on a scale. Missing labels and texts are not checked.
     *
     * @param where names the row for an error message
     * @throws DataException naming the row and the label; the row may be skipped
     */
    public static void checkScale(Example row, LabelScale scale, Supplier<String> where) {
        int off = offScale(row, scale);
        if (off >= 0) {
            throw DataException.ofValue(
                    InvalidValue.OFF_SCALE,
                    "label %s in %s is not on the label scale %s, which takes labels of %s: correct it, or leave the"
                            + " row out",
                    Preprocessing.numberText(row.label(off)),
                    where.get(),
                    ValueText.text(scale),
                    scale.accepted());
        }
    }

    private static void refuseFeature(Example row, Supplier<String> where) {
        float[] values = row.values();
        for (int i = 0; i < values.length; i++) {
            double value = row.doubles() == null ? values[i] : row.doubles()[i];
            String fault = fault(value);
            if (fault != null) {
                int feature = row.isSparse() ? row.indices()[i] : i;
                throw new DataException("%s: feature %d: %s %s", where.get(), feature, value, fault);
            }
        }
    }
}
