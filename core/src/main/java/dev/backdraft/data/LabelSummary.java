package dev.backdraft.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What the labels of a data set look like: enough to tell classes from numbers, and to say where a bad one is. Mutable, not
 * thread-safe. No records within: Spark's Kryo cannot serialize them.
 */
public final class LabelSummary implements Serializable {
    private static final long serialVersionUID = 1;

    /** Distinct labels that are remembered; beyond, the labels cannot be text classes. */
    public static final int MOST_DISTINCT = 10_000;

    private final TreeSet<String> texts = new TreeSet<>();
    private final TreeSet<Double> numbers = new TreeSet<>();
    private int count; // labels of a row; 0 before the first
    private boolean anyText;
    private String firstText; // the first label that is not a number, and where
    private Place lowest;
    private Place highest;
    private Place fraction;

    /** A label and where it is. */
    public static final class Place implements Serializable {
        private static final long serialVersionUID = 1;

        private final double label;
        private final String where;

        Place(double label, String where) {
            this.label = label;
            this.where = where;
        }

        public double label() {
            return label;
        }

        /** Names the row, as {@link ExampleReader#where} does. */
        public String where() {
            return where;
        }
    }

    /** Adds the label or the labels of a row; {@code where} is asked only for a label that must be remembered. */
    void add(Example row, Supplier<String> where) {
        count(row.labelCount(), where);
        if (row.labels() != null) {
            for (float label : row.labels()) {
                add(label, where);
            }
            return;
        }
        double label = row.label();
        if (Double.isNaN(label) && row.labelText() == null) {
            throw new DataException("%s has no label", where.get());
        }
        if (row.labelText() != null && texts.size() <= MOST_DISTINCT) {
            texts.add(row.labelText());
        }
        if (Double.isNaN(label)) {
            if (!anyText) {
                firstText = "'" + row.labelText() + "' in " + where.get();
            }
            anyText = true;
            return;
        }
        add(label, where);
    }

    private void add(double label, Supplier<String> where) {
        if (numbers.size() <= MOST_DISTINCT) {
            numbers.add(label);
        }
        if (lowest == null || label < lowest.label()) {
            lowest = new Place(label, where.get());
        }
        if (highest == null || label > highest.label()) {
            highest = new Place(label, where.get());
        }
        if (fraction == null && label != Math.rint(label)) {
            fraction = new Place(label, where.get());
        }
    }

    private void count(int labels, Supplier<String> where) {
        if (count != 0 && count != labels) {
            throw new DataException("%s has %d labels, but others have %d", where.get(), labels, count);
        }
        count = labels;
    }

    /** Adds the labels of other rows. */
    void add(LabelSummary other) {
        if (other.count != 0) {
            count(other.count, () -> "a row");
        }
        addAll(texts, other.texts);
        addAll(numbers, other.numbers);
        firstText = anyText ? firstText : other.firstText;
        anyText |= other.anyText;
        lowest = lowest == null || (other.lowest != null && other.lowest.label() < lowest.label())
                ? other.lowest
                : lowest;
        highest = highest == null || (other.highest != null && other.highest.label() > highest.label())
                ? other.highest
                : highest;
        fraction = fraction == null ? other.fraction : fraction;
    }

    private static <T> void addAll(Set<T> some, Set<T> others) {
        for (T other : others) {
            if (some.size() > MOST_DISTINCT) {
                return; // too many, whichever they are
            }
            some.add(other);
        }
    }

    /** How many labels each row has; 0 when there are no rows. */
    public int count() {
        return count;
    }

    /** Whether any label is not a number. */
    public boolean isText() {
        return anyText;
    }

    /** The first label found that is not a number and where it is, or null. */
    public String firstText() {
        return firstText;
    }

    /** The distinct labels as text, sorted; more than {@link #MOST_DISTINCT} when there are too many. */
    public SortedSet<String> texts() {
        return Collections.unmodifiableSortedSet(texts);
    }

    /** The distinct labels that are numbers, sorted; more than {@link #MOST_DISTINCT} when there are too many. */
    public SortedSet<Double> numbers() {
        return Collections.unmodifiableSortedSet(numbers);
    }

    /** The smallest label, or null when none is a number. */
    public Place lowest() {
        return lowest;
    }

    /** The largest label, or null when none is a number. */
    public Place highest() {
        return highest;
    }

    /** A label that is not a whole number, or null. */
    public Place fraction() {
        return fraction;
    }
}
