package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A column with few categories: a flag for each. A category that is none of them sets the flag of rare ones if there
 * is one, else none.
 *
 * @param values the categories, sorted
 * @param flagsGaps whether gaps have a flag of their own
 * @param flagsRare whether categories that are none of the values have one
 * @param usual the most frequent category; empty when gaps are as frequent
 */
record OneHotColumn(String name, List<String> values, boolean flagsGaps, boolean flagsRare, String usual)
        implements ColumnEncoder {
    OneHotColumn {
        values = Categories.checked(name, values);
        Categories.checkUsual(name, values, usual);
    }

    @Override
    public ColumnKind kind() {
        return ColumnKind.CATEGORY;
    }

    @Override
    public List<ColumnInput> inputs() {
        List<ColumnInput> inputs = new ArrayList<>();
        values.forEach(value -> inputs.add(ColumnInput.flag(name + "=" + value)));
        if (flagsGaps) {
            inputs.add(ColumnInput.flag(name + " missing"));
        }
        if (flagsRare) {
            inputs.add(ColumnInput.flag(name + " rare"));
        }
        return inputs;
    }

    @Override
    public int width() {
        return values.size() + (flagsGaps ? 1 : 0) + (flagsRare ? 1 : 0);
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
        int flags = width();
        Arrays.fill(out, from, from + flags, 0);
        if (text == null) {
            if (flagsGaps) {
                out[from + values.size()] = 1;
            }
            return;
        }
        int place = Categories.place(values, text);
        if (place >= 0) {
            out[from + place] = 1;
        } else if (flagsRare) {
            out[from + flags - 1] = 1;
        }
    }

    @Override
    public String describe() {
        return "category, a flag for each of " + values.size() + " (" + Categories.some(values) + ")";
    }
}
