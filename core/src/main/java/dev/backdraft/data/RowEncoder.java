package dev.backdraft.data;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;

/**
 * Turns the cells of a raw row into the numbers that a network takes. Implementations are immutable and thread-safe.
 */
public interface RowEncoder extends Serializable {
    /** The names of the columns, in the order of the cells of a raw row. */
    List<String> columns();

    /** Number of features of an encoded row. */
    int width();

    /** The first feature that a column becomes; the features of a column are those up to the first one of the next. */
    int firstFeature(int column);

    /**
     * Overwrites the features of one row, {@code out[from … from + width)}.
     *
     * @param cells one for each of the {@link #columns}; read
     * @throws DataException naming the column, when there is something in a cell that does not belong there
     */
    void encode(Cells cells, float[] out, int from);

    /**
     * The row with numbers instead of cells; its label and weight stay.
     *
     * @throws DataException as {@link #encode(Cells, float[], int)} does, or when the row has numbers already or
     *     another number of cells
     */
    default Example encode(Example raw) {
        if (raw.cells() == null || raw.cells().size() != columns().size()) {
            throw new DataException(
                    "a row has %d %s, but the model takes a table with the columns %s",
                    raw.cells() == null ? raw.width() : raw.cells().size(),
                    raw.cells() == null ? "numbers" : "cells",
                    LabelColumns.shortened(columns()));
        }
        float[] values = new float[width()];
        encode(raw.cells(), values, 0);
        return raw.withFeatures(null, values);
    }

    /**
     * Like {@link #encode(Example)}.
     *
     * @param where names the row for an error message
     */
    default Example encode(Example raw, Supplier<String> where) {
        try {
            return encode(raw);
        } catch (DataException e) {
            throw e.in(where.get());
        }
    }
}
