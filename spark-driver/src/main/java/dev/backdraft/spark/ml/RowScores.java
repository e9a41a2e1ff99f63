package dev.backdraft.spark.ml;

import dev.backdraft.model.Predictor;
import java.io.Serializable;

/** What a model adds to each row. Sent to executors. */
interface RowScores extends Serializable {
    /** Number of values that a row gets. */
    int count();

    /**
     * Appends the scores of a row to its values.
     *
     * @param predictor that has predicted the rows; its logits and values are read
     * @param column of the row in all of them
     * @param values entries from {@code from} on are overwritten
     */
    void put(Predictor predictor, int column, Object[] values, int from);

    /** Appends NaN to a row that cannot be scored. */
    void putInvalid(Object[] values, int from);
}
