package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import java.io.Serializable;
import java.util.List;

/** How the cells of one column become numbers. Immutable. */
sealed interface ColumnEncoder extends Serializable
        permits NumberColumn, QuantileColumn, OneHotColumn, CodeColumn, HashedColumn, DateColumn, UnusedColumn {
    /** The name of the column. */
    String name();

    /** What the column holds; null where that makes no difference. */
    ColumnKind kind();

    /** The inputs that the column becomes, in order. */
    List<ColumnInput> inputs();

    /** Number of the {@link #inputs}. */
    default int width() {
        return inputs().size();
    }

    /**
     * Overwrites the inputs of one row, from {@code out[from]} on.
     *
     * @throws DataException when there is something in the cell that does not belong there
     */
    void encode(Cells cells, int cell, float[] out, int from);

    /** Overwrites the inputs of a row with those of a usual cell, from {@code out[from]} on. */
    void encodeUsual(float[] out, int from);

    /** What the column is, in a few words, for people. */
    String describe();
}
