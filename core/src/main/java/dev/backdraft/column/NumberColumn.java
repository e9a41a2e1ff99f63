package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.Preprocessing;
import java.util.List;

/**
 * A column of numbers.
 *
 * @param fill stands for a gap
 * @param flagsGaps whether a flag says that there was a gap
 */
record NumberColumn(String name, NumberScale scale, double fill, boolean flagsGaps) implements ColumnEncoder {
    private static final int TEXT_SHOWN = 40; // of a cell in a message

    NumberColumn {
        if (!Double.isFinite(fill)) {
            throw new IllegalArgumentException("column '" + name + "': " + fill + " cannot fill gaps");
        }
    }

    @Override
    public ColumnKind kind() {
        return ColumnKind.NUMBER;
    }

    @Override
    public List<ColumnInput> inputs() {
        return inputs(name, flagsGaps);
    }

    /** The inputs of a column of numbers. */
    static List<ColumnInput> inputs(String name, boolean flagsGaps) {
        ColumnInput number = ColumnInput.number(name);
        return flagsGaps ? List.of(number, ColumnInput.flag(name + " missing")) : List.of(number);
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        boolean gap = cells.isGapAmongNumbers(cell);
        out[from] = scale.apply(gap ? fill : number(cells, cell, name));
        if (flagsGaps) {
            out[from + 1] = gap ? 1 : 0;
        }
    }

    /** Of the center of the scale, the median or the mean. */
    @Override
    public void encodeUsual(float[] out, int from) {
        out[from] = 0;
        if (flagsGaps) {
            out[from + 1] = 0;
        }
    }

    /** The number in a cell that is no gap. */
    static double number(Cells cells, int cell, String name) {
        double number = cells.number(cell);
        if (!Double.isFinite(number)) {
            String text = cells.text(cell);
            InvalidValue invalid = InvalidValue.ofText(text);
            String shown = text.length() <= TEXT_SHOWN ? text : text.substring(0, TEXT_SHOWN) + "…";
            throw invalid == null
                    ? DataException.ofTextFeature(name, shown, "column '%s': '%s' is not a number", name, shown)
                    : DataException.ofValue(invalid, "column '%s': '%s' is not a finite number", name, shown);
        }
        return number;
    }

    @Override
    public String describe() {
        return "number" + (flagsGaps ? ", gaps become " + Preprocessing.numberText(fill) : "");
    }
}
