package dev.backdraft.data;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * A first look at the rows of a data set, from which {@code train.Defaults} settles what the user has not said: how many rows and
 * features there are, how far the features reach, and the labels. Looks at parts add up in any order. Mutable, not thread-safe.
 */
public final class DataLook implements Serializable {
    private static final long serialVersionUID = 1;

    private final LabelSummary labels = new LabelSummary();
    private long rows;
    private int width;
    private float lowest; // 0 counts, as sparse rows have it
    private float highest;

    /**
     * Adds a row; one of weight 0 counts like no row at all.
     *
     * @param where names the row for an error message
     * @throws DataException when {@link RowCheck} refuses the row, or it has no label
     */
    public void add(Example row, Supplier<String> where) {
        if (!RowCheck.counts(row, where)) {
            return;
        }
        RowCheck.check(row, where);
        labels.add(row, where);
        rows++;
        width = Math.max(width, row.width());
        for (float value : row.values()) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
    }

    /** Adds the look at other rows. */
    public void add(DataLook other) {
        labels.add(other.labels);
        rows += other.rows;
        width = Math.max(width, other.width);
        lowest = Math.min(lowest, other.lowest);
        highest = Math.max(highest, other.highest);
    }

    /** Rows that count. */
    public long rows() {
        return rows;
    }

    /** Features of the widest row. */
    public int width() {
        return width;
    }

    /** Whether every feature of every row is at least 0 and at most 1. */
    public boolean isFromZeroToOne() {
        return lowest >= 0 && highest <= 1;
    }

    public LabelSummary labels() {
        return labels;
    }
}
