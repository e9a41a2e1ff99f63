package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.Moments;
import dev.backdraft.data.Standardizer;
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

    private static final int MOMENTS = 1024; // bytes of three sums, at most

    private final ColumnKind said; // null: to be found out
    private final int mostTexts;
    private final int mostCharacters;
    private HashMap<String, Long> texts = new HashMap<>(); // null: there were too many, or too long ones
    private long characters; // of the texts
    private long gaps;
    private long gapsAmongNumbers;
    private long numbers;
    private long dates;
    private long times; // dates that are not midnight
    private long infinite; // numbers, not texts
    private String notNumber; // the first of these texts in alphabetical order
    private String notDate;
    private double lowest = Double.POSITIVE_INFINITY; // of what counts as a number here
    private double highest = Double.NEGATIVE_INFINITY;
    private final Moments moments; // of the numbers; null: not wanted
    private long beyondMoments; // numbers that are too large for them

    /**
     * Nothing yet.
     *
     * @param said the kind of the column, or null
     * @param mostTexts different ones that are counted
     * @param mostCharacters of all of them
     * @param hasMoments whether mean and deviation are wanted
     */
    ColumnTally(ColumnKind said, int mostTexts, int mostCharacters, boolean hasMoments) {
        this.said = said;
        this.mostTexts = mostTexts;
        this.mostCharacters = mostCharacters;
        moments = hasMoments ? new Moments(1) : null;
    }

    /** About the most bytes of a tally of this many texts and characters. */
    static long mostBytes(int texts, int characters, boolean hasMoments) {
        return 256 + (hasMoments ? MOMENTS : 0) + 24L * texts + characters;
    }

    /**
     * Adds a cell.
     *
     * @param weight of its row
     * @return it as a number: itself, or seconds since 1970; NaN when it is neither
     */
    double add(Cells cells, int cell, float weight) {
        boolean gap = cells.isGap(cell);
        boolean gapAmongNumbers = cells.isGapAmongNumbers(cell);
        gaps += gap ? 1 : 0;
        gapsAmongNumbers += gapAmongNumbers ? 1 : 0;
        double value = Double.NaN;
        if (!gapAmongNumbers) {
            value = value(cells, cell);
        }
        if (!gap && said != ColumnKind.NUMBER && said != ColumnKind.DATE && (cells.isText(cell) || said != null)) {
            count(cells.text(cell), 1);
        }
        if (!Double.isNaN(value)) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
            addMoments(value, weight);
        }
        return value;
    }

    private void addMoments(double value, float weight) {
        if (moments == null) {
            return;
        }
        if (Math.abs(value) > Float.MAX_VALUE) {
            beyondMoments++;
            return;
        }
        moments.add(0, value, weight);
        moments.addWeight(weight);
    }

    private double value(Cells cells, int cell) {
        if (said != ColumnKind.DATE) {
            double number = cells.number(cell);
            if (Double.isFinite(number)) {
                numbers++;
                return number;
            }
            notNumber = first(notNumber, cells.text(cell));
            infinite += cells.isText(cell) ? 0 : 1;
        }
        double date = cells.isText(cell) ? DateText.parse(cells.text(cell)) : cells.number(cell);
        if (DateText.isWithinRange(date)) {
            dates++;
            times += date % 86_400 == 0 ? 0 : 1;
            return date;
        }
        notDate = first(notDate, cells.text(cell));
        return Double.NaN;
    }

    /** Counts a text; which of them come first does not decide whether there are too many. */
    private void count(String text, long times) {
        if (texts == null) {
            return;
        }
        if (texts.merge(text, times, Long::sum) == times) {
            characters += text.length();
        }
        if (texts.size() > mostTexts || characters > mostCharacters) {
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
        infinite += other.infinite;
        notNumber = first(notNumber, other.notNumber);
        notDate = first(notDate, other.notDate);
        lowest = Math.min(lowest, other.lowest);
        highest = Math.max(highest, other.highest);
        if (moments != null) {
            moments.add(other.moments);
            beyondMoments += other.beyondMoments;
        }
        if (other.texts == null) {
            texts = null;
        } else {
            other.texts.forEach(this::count);
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

    /** Cells with an infinite number. */
    long infinite() {
        return infinite;
    }

    /** Numbers whose squares are too large for mean and deviation. */
    long beyondMoments() {
        return beyondMoments;
    }

    /** Mean and deviation of the numbers, where they are wanted; of equal ones the deviation is 1. */
    Standardizer standardizer() {
        return moments.standardizer();
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
