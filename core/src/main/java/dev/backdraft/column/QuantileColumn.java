package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.Preprocessing;
import java.util.List;

/**
 * A column of numbers, each of which becomes its rank among the training rows, as a value of some distribution: linear
 * between points, and the same as at the first or last point beyond them.
 *
 * @param values of the points, ascending; at least one
 * @param ranks what each of them becomes, as many
 * @param fill stands for a gap
 * @param flagsGaps whether a flag says that there was a gap
 */
record QuantileColumn(String name, List<Double> values, List<Double> ranks, double fill, boolean flagsGaps)
        implements ColumnEncoder {
    private static final long serialVersionUID = 1;

    QuantileColumn {
        values = List.copyOf(values);
        ranks = List.copyOf(ranks);
        if (values.size() != ranks.size()) {
            throw new IllegalArgumentException(
                    "column '" + name + "': " + values.size() + " values, but " + ranks.size() + " ranks");
        }
        for (int i = 0; i < values.size(); i++) {
            if (!Double.isFinite(values.get(i))
                    || !Double.isFinite(ranks.get(i))
                    || (i > 0 && !(values.get(i) > values.get(i - 1)))) {
                throw new IllegalArgumentException("column '" + name + "': value " + values.get(i) + " of rank "
                        + ranks.get(i) + " is not in its place: values are finite and ascend");
            }
        }
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
        return NumberColumn.inputs(name, flagsGaps);
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        boolean gap = cells.isGapAmongNumbers(cell);
        out[from] = rank(gap ? fill : NumberColumn.number(cells, cell, name));
        if (flagsGaps) {
            out[from + 1] = gap ? 1 : 0;
        }
    }

    /** The middle of the ranks, which is that of the median unless many rows have the same value. */
    @Override
    public void encodeUsual(float[] out, int from) {
        out[from] = 0;
        if (flagsGaps) {
            out[from + 1] = 0;
        }
    }

    /** What a number becomes. */
    float rank(double value) {
        int low = 0;
        int high = values.size() - 1;
        if (high < 0) {
            return 0;
        }
        if (value <= values.get(low) || value >= values.get(high)) {
            return ranks.get(value <= values.get(low) ? low : high).floatValue() + 0f; // −0 becomes 0
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (value < values.get(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        double share = (value - values.get(low)) / (values.get(high) - values.get(low)); // 0 at the lower point
        return (float) (ranks.get(low) + share * (ranks.get(high) - ranks.get(low))) + 0f;
    }

    @Override
    public String describe() {
        return "number, by its rank" + (flagsGaps ? ", gaps become " + Preprocessing.numberText(fill) : "");
    }
}
