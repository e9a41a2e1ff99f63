package dev.backdraft.data;

import java.io.Serializable;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The number of rows that were skipped, by reason. A row counts once, under the reason of its first invalid value. Mutable, not
 * thread-safe.
 */
public final class SkippedRows implements Serializable {
    private static final long serialVersionUID = 1;

    private long missing;
    private long nan;
    private long infinite;
    private long offScale;

    /** Adds a row. */
    public void add(InvalidValue reason) {
        switch (reason) {
            case MISSING -> missing++;
            case NAN -> nan++;
            case INFINITE -> infinite++;
            case OFF_SCALE -> offScale++;
        }
    }

    /** Adds other rows; {@code other} is read. */
    public void add(SkippedRows other) {
        missing += other.missing;
        nan += other.nan;
        infinite += other.infinite;
        offScale += other.offScale;
    }

    /** The rows skipped for a reason. */
    public long count(InvalidValue reason) {
        return switch (reason) {
            case MISSING -> missing;
            case NAN -> nan;
            case INFINITE -> infinite;
            case OFF_SCALE -> offScale;
        };
    }

    /** All rows skipped. */
    public long total() {
        return missing + nan + infinite + offScale;
    }

    /** For people: {@code 3 rows skipped: 2 with an empty cell, 1 with NaN}. */
    @Override
    public String toString() {
        long total = total();
        String rows = String.format(Locale.ROOT, "%,d row%s skipped", total, total == 1 ? "" : "s");
        return total == 0 ? rows : rows + ": " + reasons();
    }

    /** How many for each reason, for people: {@code 2 with an empty cell, 1 with NaN}. */
    public String reasons() {
        StringJoiner reasons = new StringJoiner(", ");
        for (InvalidValue reason : InvalidValue.values()) {
            if (count(reason) > 0) {
                reasons.add(String.format(Locale.ROOT, "%,d %s", count(reason), reason.text()));
            }
        }
        return reasons.toString();
    }
}
