package dev.backdraft.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is known about the rows of a data set after one pass: how many there are, how wide they are, the range of the features, the
 * labels, and how often each label occurs. {@code train.TrainingDraft} chooses the settings from it that the user leaves open.
 * Summaries of parts can be added in any order. Mutable, not thread-safe.
 */
public final class DataSummary implements Serializable {
    private static final long serialVersionUID = 1;

    /** Distinct labels that are counted; a data set with more has no {@link #labelWeights}. */
    public static final int MOST_COUNTED = 1000;

    private final LabelSummary labels = new LabelSummary();
    private final TreeMap<String, ExactSum> labelWeights = new TreeMap<>();
    private final SkippedRows skipped = new SkippedRows();
    private boolean tooManyLabels;
    private long rows;
    private long weightlessRows;
    private long nonZeros;
    private int width;
    private float lowest; // starts at 0, the value that sparse rows leave out
    private float highest;

    /**
     * Adds a row. A row whose weight is 0 is ignored.
     *
     * @param where names the row for an error message
     * @throws DataException when {@link RowCheck} refuses the row, or it has no label
     */
    public void add(Example row, Supplier<String> where) {
        if (!RowCheck.counts(row, where)) {
            weightlessRows++;
            return;
        }
        RowCheck.check(row, where);
        labels.add(row, where);
        countLabel(row);
        rows++;
        width = Math.max(width, row.width());
        for (float value : row.values()) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
            nonZeros += value == 0 ? 0 : 1;
        }
    }

    private void countLabel(Example row) {
        if (row.labels() != null || tooManyLabels) {
            return;
        }
        String label = row.labelText() != null ? row.labelText() : Preprocessing.numberText(row.label());
        labelWeights.computeIfAbsent(label, key -> new ExactSum()).add(row.weight());
        limitLabels();
    }

    private void limitLabels() {
        if (labelWeights.size() > MOST_COUNTED) {
            tooManyLabels = true;
            labelWeights.clear();
        }
    }

    /** Adds rows that a reader has skipped; they count for nothing else. */
    public void addSkipped(SkippedRows rows) {
        skipped.add(rows);
    }

    /** The rows that readers have skipped. */
    public SkippedRows skipped() {
        return skipped;
    }

    /** Adds the summary of other rows; {@code other} is read. */
    public void add(DataSummary other) {
        labels.add(other.labels);
        skipped.add(other.skipped);
        rows += other.rows;
        weightlessRows += other.weightlessRows;
        nonZeros += other.nonZeros;
        width = Math.max(width, other.width);
        lowest = Math.min(lowest, other.lowest);
        highest = Math.max(highest, other.highest);
        tooManyLabels |= other.tooManyLabels;
        if (tooManyLabels) {
            labelWeights.clear();
            return;
        }
        other.labelWeights.forEach((label, weight) ->
                labelWeights.computeIfAbsent(label, key -> new ExactSum()).add(weight));
        limitLabels();
    }

    /** The number of rows whose weight is above 0. */
    public long rows() {
        return rows;
    }

    /** The number of rows that are ignored because their weight is 0. */
    public long weightlessRows() {
        return weightlessRows;
    }

    /** The number of features of the widest row. */
    public int width() {
        return width;
    }

    /** The share of the feature values that are not 0. */
    public double density() {
        return rows == 0 ? 0 : (double) nonZeros / rows / width;
    }

    /** Whether every feature of every row is at least 0 and at most 1. */
    public boolean isFromZeroToOne() {
        return lowest >= 0 && highest <= 1;
    }

    /** The labels themselves. */
    public LabelSummary labels() {
        return labels;
    }

    /**
     * The sum of the row weights of each distinct label, by the label's text. Empty when there are more than {@link #MOST_COUNTED}
     * labels, or several labels per row.
     */
    public SortedMap<String, Double> labelWeights() {
        TreeMap<String, Double> sums = new TreeMap<>();
        for (Map.Entry<String, ExactSum> label : labelWeights.entrySet()) {
            sums.put(label.getKey(), label.getValue().value().doubleValue());
        }
        return Collections.unmodifiableSortedMap(sums);
    }
}
