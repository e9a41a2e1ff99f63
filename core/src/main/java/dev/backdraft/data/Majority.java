package dev.backdraft.data;

import java.io.Serializable;

/**
 * The most frequent label of some rows: a model that always predicts it is right in this share of them.
 *
 * @param label as text
 * @param rows that have it
 * @param all rows, at least 1
 */
public record Majority(String label, long rows, long all) implements Serializable {
    private static final double STANDARD_ERRORS = 2;

    /** The accuracy of always predicting the label. */
    public double share() {
        return (double) rows / all;
    }

    /**
     * Whether an accuracy over these rows is below the {@link #share} by more than two standard errors. That of the
     * share is taken with two rows of each kind more (Agresti and Coull 1998), as rows that are all alike would have
     * none.
     */
    public boolean isBetterThan(double accuracy) {
        double share = (rows + 2.0) / (all + 4);
        return share() - accuracy > STANDARD_ERRORS * Math.sqrt(share * (1 - share) / (all + 4));
    }
}
