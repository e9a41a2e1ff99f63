package dev.backdraft.spark.rdd;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.mllib.linalg.SparseVector;
import org.apache.spark.mllib.linalg.Vector;

/** MLlib's vectors as rows: as finite floats with what they lose, −0 as 0, sparse ones kept sparse. */
final class VectorRows {
    private VectorRows() {}

    /**
     * A row of these features.
     *
     * @param width features that there must be
     * @param where names the row for a message
     * @throws DataException when there are more or fewer, or one is not finite
     */
    static Example of(Vector features, int width, Supplier<String> where) {
        if (features.size() != width) {
            throw new DataException("%s has %d features instead of %d", where.get(), features.size(), width);
        }
        SparseVector sparse = features instanceof SparseVector some ? some : null;
        double[] doubles = sparse == null ? features.toArray() : sparse.values();
        for (int i = 0; i < doubles.length; i++) {
            if (!Float.isFinite((float) doubles[i])) {
                throw new DataException(
                        "%s: feature %d is %s, not a finite number: fill it or leave the row out",
                        where.get(), sparse == null ? i : sparse.indices()[i], doubles[i]);
            }
        }
        return sparse == null
                ? Example.dense(doubles, Double.NaN)
                : Example.sparse(sparse.indices(), doubles, Double.NaN);
    }

    /** Names a row of the present task, or of this JVM's data. */
    static String name(long number) {
        TaskContext context = TaskContext.get();
        return context == null ? "row " + number : "partition " + context.partitionId() + " row " + number;
    }
}
