package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.TaskContext;

/** The summary of one part of the rows, or the problem with them: a bad row does not fail a task, it is reported. */
final class PartSummary implements Serializable {
    private static final long serialVersionUID = 1;

    private final DataSummary rows = new DataSummary();
    private DataException problem;
    private int problemPart;

    /** Reads all rows and closes the reader. */
    static PartSummary of(ExampleReader reader) throws IOException {
        PartSummary part = new PartSummary();
        try (reader) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                part.rows.add(row, reader::where);
            }
            part.rows.addSkipped(reader.skipped());
        } catch (DataException e) {
            part.problem = e;
            part.problemPart = TaskContext.get().partitionId();
        }
        return part;
    }

    /** Adds another part, in any order, and returns this. */
    PartSummary add(PartSummary other) {
        if (other.problem != null && (problem == null || other.problemPart < problemPart)) {
            problem = other.problem;
            problemPart = other.problemPart;
        }
        if (problem == null) {
            try {
                rows.add(other.rows);
            } catch (DataException e) { // the labels of the parts do not fit together
                problem = e;
                problemPart = Integer.MAX_VALUE;
            }
        }
        return this;
    }

    /**
     * The summary of all rows.
     *
     * @throws DataException of the first part that has a bad row
     */
    DataSummary rows() {
        if (problem != null) {
            throw problem;
        }
        return rows;
    }
}
