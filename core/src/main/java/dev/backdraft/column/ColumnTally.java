package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has been seen in one column: how many gaps, numbers, dates and texts, and how often each text. Mutable, not
 * thread-safe.
 */
final class ColumnTally implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Comparator<Map.Entry<String, Long>> MOST_FREQUENT_FIRST =
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey());

    private final ColumnKind said; // null: to be found out
    private final int mostTexts;
    private HashMap<String, Long> texts = new HashMap<>(); // null: there were too many
    private long gaps;
    private long gapsAmongNumbers;
    private long numbers;
    private long dates;
    private long times; // dates that are not midnight
    private long otherTexts; // neither number nor date
    private String notNumber; // the first of these texts in alphabetical order
    private String notDate;
    private double lowest = Double.POSITIVE_INFINITY; // of what counts as a number here
    private double highest = Double.NEGATIVE_INFINITY;

    ColumnTally(ColumnKind said, int mostTexts) {
        this.said = said;
        this.mostTexts = mostTexts;
    }

    /**
     * Adds a cell.
     *
     * @return it as a number: itself, or seconds since 1970; NaN when it is neither
     */
    double add(Cells cells, int cell) {
        boolean gap = cells.isGap(cell);
        boolean gapAmongNumbers = cells.isGapAmongNumbers(cell);
        gaps += gap ? 1 : 0;
        gapsAmongNumbers += gapAmongNumbers ? 1 : 0;
        double value = Double.NaN;
        if (!gapAmongNumbers) {
            value = value(cells, cell);
        }
        if (!gap && said != ColumnKind.NUMBER && said != ColumnKind.DATE && (cells.isText(cell) || said != null)) {
            count(cells.text(cell));
        }
        if (!Double.isNaN(value)) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
        return value;
    }

    private double value(Cells cells, int cell) {
        if (said != ColumnKind.DATE) {
            double number = cells.number(cell);
            if (Double.isFinite(number)) {
                numbers++;
                return number;
            }
            notNumber = first(notNumber, cells.text(cell));
        }
        double date = cells.isText(cell) ? DateText.parse(cells.text(cell)) : cells.number(cell);
        if (DateText.isWithinRange(date)) {
            dates++;
            times += date % 86_400 == 0 ? 0 : 1;
            return date;
        }
        notDate = first(notDate, cells.text(cell));
        otherTexts++;
        return Double.NaN;
    }

    private void count(String text) {
        if (texts != null) {
            texts.merge(text, 1L, Long::sum);
            limit();
        }
    }

    private void limit() {
        if (texts.size() > mostTexts) {
            texts = null;
        }
    }

    private static String first(String a, String b) {
        return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
    }

    /** Adds what was seen in other rows. */
    void add(ColumnTally other) {
        gaps += other.gaps;
        gapsAmongNumbers += other.gapsAmongNumbers;
        numbers += other.numbers;
        dates += other.dates;
        times += other.times;
        otherTexts += other.otherTexts;
        notNumber = first(notNumber, other.notNumber);
        notDate = first(notDate, other.notDate);
        lowest = Math.min(lowest, other.lowest);
        highest = Math.max(highest, other.highest);
        if (texts == null || other.texts == null) {
            texts = null;
        } else {
            other.texts.forEach((text, count) -> texts.merge(text, count, Long::sum));
            limit();
        }
    }

    long gaps() {
        return gaps;
    }

    long gapsAmongNumbers() {
        return gapsAmongNumbers;
    }

    long numbers() {
        return numbers;
    }

    long dates() {
        return dates;
    }

    /** Cells that are neither a number nor a date, nor a gap among numbers. */
    long otherTexts() {
        return otherTexts;
    }

    /** The lowest number, or date. */
    double lowest() {
        return lowest;
    }

    boolean hasTimes() {
        return times > 0;
    }

    String notNumber() {
        return notNumber;
    }

    String notDate() {
        return notDate;
    }

    /** Whether all cells that are numbers or dates are equal. */
    boolean isConstant() {
        return !(lowest < highest);
    }

    /** Whether there are more different texts than are counted. */
    boolean hasTooManyTexts() {
        return texts == null;
    }

    /** Number of different texts. */
    int differentTexts() {
        return texts.size();
    }

    /** The most frequent text, of several the first in alphabetical order; empty when gaps are as frequent. */
    String usual() {
        return texts.entrySet().stream()
                .min(MOST_FREQUENT_FIRST)
                .filter(entry -> entry.getValue() > gaps)
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /**
     * The texts that occur often enough, sorted; of too many the most frequent ones, of equally frequent ones the
     * first in alphabetical order.
     */
    List<String> frequent(int minFrequency, int most) {
        List<Map.Entry<String, Long>> found = new ArrayList<>(texts.entrySet());
        found.removeIf(entry -> entry.getValue() < minFrequency);
        found.sort(MOST_FREQUENT_FIRST);
        return found.stream().limit(most).map(Map.Entry::getKey).sorted().toList();
    }
}
