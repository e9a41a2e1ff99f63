package dev.backdraft.data;

/**
 * Why a value that should be a number is not a finite 32-bit float, or not a label on its scale. A row with such a
 * value can be skipped; text where a number is expected is not among these reasons, as it is a mistake in the choice of
 * columns.
 */
public enum InvalidValue {
    /** An empty cell, or null. */
    MISSING("with an empty cell"),

    /** Not a number: NaN. */
    NAN("with NaN"),

    /** Infinite, or beyond the range of a 32-bit float. */
    INFINITE("with an infinite number or one beyond the range of a 32-bit float"),

    /** A label that the {@link LabelScale} does not accept, such as 0 on a logarithmic one. */
    OFF_SCALE("with a label that the label scale does not take");

    private final String text;

    InvalidValue(String text) {
        this.text = text;
    }

    /** What is wrong with a number, or null when a 32-bit float can hold it. */
    public static InvalidValue of(double number) {
        if (Float.isFinite((float) number)) {
            return null;
        }
        return Double.isNaN(number) ? NAN : INFINITE;
    }

    /** What is wrong with the text of a cell that is not a number that a float can hold; null when it is any other text. */
    public static InvalidValue ofText(String text) {
        String word = text.strip();
        if (word.isEmpty()) {
            return MISSING;
        }
        String bare = word.charAt(0) == '+' || word.charAt(0) == '-' ? word.substring(1) : word;
        if (bare.equalsIgnoreCase("nan")) {
            return NAN;
        }
        if (bare.equalsIgnoreCase("inf") || bare.equalsIgnoreCase("infinity")) {
            return INFINITE;
        }
        double number = DecimalText.parse(word);
        return Double.isNaN(number) ? null : of(number);
    }

    /** The rows with such a value, as the rest of a sentence: {@code with NaN}. */
    public String text() {
        return text;
    }
}
