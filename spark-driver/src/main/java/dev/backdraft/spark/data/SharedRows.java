package dev.backdraft.spark.data;

import dev.backdraft.data.Example;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A few rows that every executor needs, with resolved labels: what a broadcast of them holds. Immutable. */
public final class SharedRows implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[][] rows;

    /** @param rows read */
    public SharedRows(List<Example> rows) {
        this.rows = rows.stream().map(RowBytes::encode).toArray(byte[][]::new);
    }

    /** The rows; a new list. */
    public List<Example> rows() {
        List<Example> examples = new ArrayList<>(rows.length);
        for (byte[] row : rows) {
            examples.add(RowBytes.decode(row));
        }
        return examples;
    }
}
