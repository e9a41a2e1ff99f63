package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import java.util.function.IntConsumer;

/**
 * A layer with many parameters, of which a batch uses few. Seen as a matrix, its slice of the gradient is zero but in
 * the columns that belong to the batch, so only these have to be cleared and added.
 */
public interface LookupLayer extends Layer {
    /** The height of that matrix: the slice of the parameters is [columnHeight × parameterCount / columnHeight]. */
    int columnHeight();

    /**
     * Reports the columns of the slice to which {@link #backward} adds.
     *
     * @param x the input of {@link #forward}, which has accepted it; read
     * @param touched called with the number of each column, in any order, perhaps several times
     */
    void touchedColumns(Matrix x, IntConsumer touched);
}
