package dev.backdraft.spark.data;

import dev.backdraft.column.ColumnScan;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.TaskContext;

/**
 * The scan of the columns of one part of the raw rows, or the problem with them: a bad row does not fail a task, it is
 * reported.
 */
final class PartColumns implements Serializable {
    private static final long serialVersionUID = 1;

    private final ColumnScan scan;
    private DataException problem;
    private int problemPart;

    private PartColumns(ColumnScan scan) {
        this.scan = scan;
    }

    /** Reads all rows and closes the reader. */
    static PartColumns of(ExampleReader reader, ColumnScan empty) throws IOException {
        PartColumns part = new PartColumns(empty);
        try (reader) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                part.scan.add(row, reader::where);
            }
        } catch (DataException e) {
            part.problem = e;
            part.problemPart = TaskContext.get().partitionId();
        }
        return part;
    }

    /** Adds another part, in any order, and returns this. */
    PartColumns add(PartColumns other) {
        if (other.problem != null && (problem == null || other.problemPart < problemPart)) {
            problem = other.problem;
            problemPart = other.problemPart;
        }
        if (problem == null) {
            scan.add(other.scan);
        }
        return this;
    }

    /**
     * The scan of all rows.
     *
     * @throws DataException of the first part that has a bad row
     */
    ColumnScan scan() {
        if (problem != null) {
            throw problem;
        }
        return scan;
    }
}
