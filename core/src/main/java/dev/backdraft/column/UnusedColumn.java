package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.util.List;

/**
 * A column that tells nothing.
 *
 * @param reason why
 */
record UnusedColumn(String name, Reason reason) implements ColumnEncoder {
    /** Why a column is not used. */
    enum Reason {
        CONSTANT("the same in all rows"),
        ALL_RARE("another category in each row, or nearly");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    @Override
    public ColumnKind kind() {
        return null;
    }

    @Override
    public List<ColumnInput> inputs() {
        return List.of();
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        // nothing
    }

    @Override
    public void encodeUsual(float[] out, int from) {
        // nothing
    }

    @Override
    public String describe() {
        return "not used: " + reason.text;
    }
}
