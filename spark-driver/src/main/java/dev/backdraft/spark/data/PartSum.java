package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.function.BiConsumer;
import org.apache.spark.TaskContext;

/**
 * What one part of the rows adds up to, or the problem with them: a bad row does not fail a task, it is reported.
 *
 * @param <S> the sum, which no order of adding changes
 */
final class PartSum<S extends Serializable> implements Serializable {
    private static final long serialVersionUID = 1;

    private final S sum;
    private DataException problem;
    private int problemPart;

    private PartSum(S sum) {
        this.sum = sum;
    }

    /** Adds the rows of a reader to a sum. */
    @FunctionalInterface
    interface Rows<S> extends Serializable {
        /** Adds all rows, up to the first bad one. */
        void add(ExampleReader reader, S sum) throws IOException;
    }

    /** Reads all rows and closes the reader. */
    static <S extends Serializable> PartSum<S> of(ExampleReader reader, S empty, Rows<S> rows) throws IOException {
        PartSum<S> part = new PartSum<>(empty);
        try (reader) {
            rows.add(reader, empty);
        } catch (DataException e) {
            part.problem = e;
            part.problemPart = TaskContext.get().partitionId();
        }
        return part;
    }

    /** Adds another part, in any order, and returns this. */
    PartSum<S> add(PartSum<S> other, BiConsumer<S, S> add) {
        if (other.problem != null && (problem == null || other.problemPart < problemPart)) {
            problem = other.problem;
            problemPart = other.problemPart;
        }
        if (problem == null) {
            try {
                add.accept(sum, other.sum);
            } catch (DataException e) { // the parts do not fit together
                problem = e;
                problemPart = Integer.MAX_VALUE;
            }
        }
        return this;
    }

    /**
     * The sum over all rows.
     *
     * @throws DataException of the first part that has a bad row
     */
    S sum() {
        if (problem != null) {
            throw problem;
        }
        return sum;
    }
}
