package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataLook;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.TaskContext;

/** A look at a part of the rows, or what was wrong with them: executors hand it over, they do not fail. */
final class SeenPart implements Serializable {
    private static final long serialVersionUID = 1;

    private final DataLook look = new DataLook();
    private DataException problem;
    private int problemPart;

    static SeenPart of(ExampleReader reader) throws IOException {
        SeenPart part = new SeenPart();
        try (reader) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                part.look.add(row, reader::where);
            }
        } catch (DataException e) {
            part.problem = e;
            part.problemPart = TaskContext.get().partitionId();
        }
        return part;
    }

    SeenPart add(SeenPart other) {
        if (other.problem != null && (problem == null || other.problemPart < problemPart)) {
            problem = other.problem;
            problemPart = other.problemPart;
        }
        if (problem == null) {
            try {
                look.add(other.look);
            } catch (DataException e) { // the parts do not fit together
                problem = e;
                problemPart = Integer.MAX_VALUE;
            }
        }
        return this;
    }

    DataLook look() {
        return look;
    }

    /** Of the first part that has a bad row; null when there is none. */
    DataException problem() {
        return problem;
    }
}
