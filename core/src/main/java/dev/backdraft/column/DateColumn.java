package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A column of dates, with or without a time of day. Of each it takes numbers, which are scaled, places on a circle,
 * and the day of the week.
 *
 * @param parts the numbers that are taken, each with its scale
 * @param hasTime whether the time of day counts
 * @param fill stands for a gap, in seconds since 1970
 * @param flagsGaps whether a flag says that there was a gap
 */
record DateColumn(String name, List<Part> parts, boolean hasTime, double fill, boolean flagsGaps)
        implements ColumnEncoder {
    private static final int DAYS_OF_WEEK = 7;

    /** A number that is taken of a date. */
    record Part(DatePart of, NumberScale scale) implements Serializable {
        Part() {
            this(DatePart.DAY, new NumberScale());
        }
    }

    DateColumn {
        parts = List.copyOf(parts);
        if (!Double.isFinite(fill)) {
            throw new IllegalArgumentException("column '" + name + "': " + fill + " cannot fill gaps");
        }
    }

    @Override
    public ColumnKind kind() {
        return ColumnKind.DATE;
    }

    @Override
    public List<ColumnInput> inputs() {
        List<ColumnInput> inputs = new ArrayList<>();
        parts.forEach(
                part -> inputs.add(ColumnInput.number(name + " " + part.of().text())));
        for (DatePart circle : circles(hasTime)) {
            inputs.add(ColumnInput.flag(name + " " + circle.text() + " sine"));
            inputs.add(ColumnInput.flag(name + " " + circle.text() + " cosine"));
        }
        for (int day = 1; day <= DAYS_OF_WEEK; day++) {
            inputs.add(ColumnInput.flag(name + " weekday " + day));
        }
        if (flagsGaps) {
            inputs.add(ColumnInput.flag(name + " missing"));
        }
        return inputs;
    }

    private static List<DatePart> circles(boolean hasTime) {
        return hasTime ? List.of(DatePart.DAY_OF_YEAR, DatePart.TIME_OF_DAY) : List.of(DatePart.DAY_OF_YEAR);
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        boolean gap = cells.isGapAmongNumbers(cell);
        encode(gap ? fill : seconds(cells, cell, name), gap, out, from);
    }

    /** Of the median. */
    @Override
    public void encodeUsual(float[] out, int from) {
        encode(fill, false, out, from);
    }

    private void encode(double seconds, boolean gap, float[] out, int from) {
        int at = from;
        for (Part part : parts) {
            out[at++] = part.scale().apply(part.of().of(seconds));
        }
        for (DatePart circle : circles(hasTime)) {
            double angle = 2 * Math.PI * circle.of(seconds) / circle.period();
            out[at++] = (float) StrictMath.sin(angle);
            out[at++] = (float) StrictMath.cos(angle);
        }
        Arrays.fill(out, at, at + DAYS_OF_WEEK, 0);
        if (!gap) {
            out[at + (int) DatePart.WEEKDAY.of(seconds)] = 1;
        }
        if (flagsGaps) {
            out[at + DAYS_OF_WEEK] = gap ? 1 : 0;
        }
    }

    /** The date in a cell that is no gap, in seconds since 1970. */
    static double seconds(Cells cells, int cell, String name) {
        double seconds = cells.isText(cell) ? DateText.parse(cells.text(cell)) : cells.number(cell);
        if (!DateText.isWithinRange(seconds)) {
            throw new DataException(
                    "column '%s': '%s' is not a date from the years %d to %d such as 2026-01-31 or 2026-01-31 15:45:00",
                    name, cells.text(cell), DateText.FIRST_YEAR, DateText.LAST_YEAR);
        }
        return seconds;
    }

    @Override
    public String describe() {
        return "date" + (hasTime ? " with time" : "");
    }
}
