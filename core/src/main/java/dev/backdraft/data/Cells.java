package dev.backdraft.data;

import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Set;

/**
 * The cells of one row of a table: numbers, texts and gaps. A cell is a gap if it is null, NaN, or a text without a
 * character other than a blank. The arrays belong to the cells and are never changed.
 */
public final class Cells implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Set<String> GAPS = Set.of("na", "n/a", "nan", "null", "none", "?"); // where numbers are due
    private static final long GAP = 0x676170L;

    private final double[] numbers; // NaN where there is none; null: all cells are texts
    private final String[] texts; // null where there is none

    private Cells(double[] numbers, String[] texts) {
        this.numbers = numbers;
        this.texts = texts;
    }

    /** Cells that are texts, as a file has them. The array is kept. */
    public static Cells of(String... texts) {
        return new Cells(null, texts);
    }

    /**
     * Cells that are texts or numbers. The arrays are kept.
     *
     * @param numbers a value for each cell, NaN where it is a text or a gap
     * @param texts as many, null where the cell is a number or a gap
     */
    public static Cells of(double[] numbers, String[] texts) {
        if (numbers.length != texts.length) {
            throw new IllegalArgumentException(numbers.length + " numbers but " + texts.length + " texts");
        }
        return new Cells(numbers, texts);
    }

    /** The number that stands for a date with a time: seconds since 1970, without regard to time zones. */
    public static double seconds(LocalDateTime time) {
        return 86_400.0 * time.toLocalDate().toEpochDay() + time.toLocalTime().toNanoOfDay() / 1e9;
    }

    /** Number of cells. */
    public int size() {
        return texts.length;
    }

    /** Whether there is nothing in a cell. */
    public boolean isGap(int cell) {
        return texts[cell] == null ? numbers == null || Double.isNaN(numbers[cell]) : texts[cell].isBlank();
    }

    /**
     * Whether a cell is a gap, or a text that means one in a column of numbers: NA, N/A, NaN, null, None or a question
     * mark.
     */
    public boolean isGapAmongNumbers(int cell) {
        return isGap(cell)
                || (texts[cell] != null && GAPS.contains(texts[cell].strip().toLowerCase(Locale.ROOT)));
    }

    /** Whether a cell is a text that is not blank. */
    public boolean isText(int cell) {
        return texts[cell] != null && !texts[cell].isBlank();
    }

    /** A cell as text, a number as {@link Preprocessing#numberText} writes it; null for a gap. */
    public String text(int cell) {
        if (isGap(cell)) {
            return null;
        }
        return texts[cell] != null ? texts[cell] : Preprocessing.numberText(numbers[cell]);
    }

    /** A cell as a number, 1 and 0 for the texts true and false; NaN when it is none. */
    public double number(int cell) {
        String text = texts[cell];
        if (text == null) {
            return numbers == null ? Double.NaN : numbers[cell];
        }
        double number = DecimalText.parse(text);
        if (Double.isNaN(number) && text.length() >= 4) {
            String word = text.strip();
            return word.equalsIgnoreCase("true") ? 1 : word.equalsIgnoreCase("false") ? 0 : Double.NaN;
        }
        return number;
    }

    /** A hash of what is in a cell: the same for a number and for its text. */
    long hash(int cell) {
        if (isGap(cell)) {
            return GAP;
        }
        double number = number(cell);
        if (!Double.isNaN(number)) {
            return SplitMix.mix(Double.doubleToLongBits(number + 0.0));
        }
        return hash(texts[cell]);
    }

    /** A hash of a text: 64 bits that depend on its characters alone. */
    public static long hash(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = SplitMix.mix(hash ^ text.charAt(i));
        }
        return hash;
    }
}
