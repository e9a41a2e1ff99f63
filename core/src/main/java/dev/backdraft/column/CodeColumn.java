package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.util.List;

/**
 * A column with many categories: one code, for an embedding. 0 is a gap, 1 any category that is none of the values, 2
 * + i the category i.
 *
 * @param values the categories, sorted
 * @param usual the most frequent category; empty when gaps are as frequent
 */
record CodeColumn(String name, List<String> values, String usual) implements ColumnEncoder {
    private static final int GAP = 0;
    private static final int UNKNOWN = 1;
    private static final int FIRST = 2;

    CodeColumn {
        values = Categories.checked(name, values);
        Categories.checkUsual(name, values, usual);
    }

    @Override
    public ColumnKind kind() {
        return ColumnKind.CATEGORY;
    }

    @Override
    public List<ColumnInput> inputs() {
        return List.of(ColumnInput.code(name, FIRST + values.size()));
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        encode(cells.text(cell), out, from);
    }

    @Override
    public void encodeUsual(float[] out, int from) {
        encode(usual.isEmpty() ? null : usual, out, from);
    }

    /** @param text the category; null for a gap */
    private void encode(String text, float[] out, int from) {
        int place = text == null ? -1 : Categories.place(values, text);
        out[from] = text == null ? GAP : place < 0 ? UNKNOWN : FIRST + place;
    }

    @Override
    public String describe() {
        return "category, a code for each of " + values.size() + " (" + Categories.some(values) + ")";
    }
}
