package dev.backdraft.spark.ml;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;

/** What a model adds to each row. Sent to executors. */
interface RowScores extends Serializable {
    /** Number of values that a row gets. */
    int count();

    /**
     * Puts the values of a row behind those that it has.
     *
     * @param logits [outputs × n]; read
     * @param predictions [outputs × n]; read
     * @param column of the row in both
     * @param values entries from {@code from} on are overwritten
     */
    void put(Matrix logits, Matrix predictions, int column, Object[] values, int from);

    /** Likewise, for a row that cannot be scored: NaN. */
    void putInvalid(Object[] values, int from);
}
