package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.util.List;

/** A column that tells nothing, because all its cells were equal, or gaps. */
record UnusedColumn(String name) implements ColumnEncoder {
    @Override
    public List<ColumnInput> inputs() {
        return List.of();
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        // nothing
    }

    @Override
    public String describe() {
        return "not used: the same in all rows";
    }
}
