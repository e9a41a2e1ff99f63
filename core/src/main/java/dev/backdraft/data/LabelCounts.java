package dev.backdraft.data;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows have each label, as long as there are few labels, one a row, and every row has weight 1. Mutable, not
 * thread-safe.
 */
final class LabelCounts implements Serializable {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, Long> counts = new TreeMap<>();
    private boolean unknown;

    void add(Example row) {
        if (row.labels() != null || row.weight() != 1) {
            forget();
        } else if (!unknown) {
            counts.merge(
                    Double.isNaN(row.label()) ? row.labelText() : Preprocessing.numberText(row.label()), 1L, Long::sum);
            limit();
        }
    }

    void add(LabelCounts other) {
        if (other.unknown) {
            forget();
        } else if (!unknown) {
            other.counts.forEach((label, count) -> counts.merge(label, count, Long::sum));
            limit();
        }
    }

    private void limit() {
        if (counts.size() > DataSummary.MOST_COUNTED) {
            forget();
        }
    }

    private void forget() {
        unknown = true;
        counts.clear();
    }

    /** The most frequent label, the first one by its text if there are several; null when it is not known. */
    Majority majority() {
        String most = null;
        long rows = 0;
        long all = 0;
        for (Map.Entry<String, Long> label : counts.entrySet()) {
            all += label.getValue();
            if (label.getValue() > rows) {
                most = label.getKey();
                rows = label.getValue();
            }
        }
        return most == null ? null : new Majority(most, rows, all);
    }
}
