package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.RowCheck;
import dev.backdraft.data.RowKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One pass over raw rows, from which {@link Columns} are learned. Scans of parts add up to the scan of the whole, in
 * any order: counts are exact; quantiles are those of all rows, or of a sample by a hash of the rows when there are
 * more than {@value #MOST_SAMPLED_ROWS} rows or {@value #MOST_SAMPLED_CELLS} cells. Mutable, not thread-safe. One that
 * has been sent to another JVM can only be added to another one.
 */
public final class ColumnScan implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_SAMPLED_CELLS = 1 << 21;
    private static final int MOST_SAMPLED_ROWS = 1 << 17;
    private static final int FEWEST_SAMPLED_ROWS = 1 << 9;
    private static final int MOST_TEXTS = 1 << 20; // of all columns
    private static final int MOST_TEXTS_OF_COLUMN = 1 << 17;
    private static final int FEWEST_TEXTS_OF_COLUMN = 1 << 8;
    private static final int CHARACTERS_OF_TEXT = 32; // on average, where there are as many texts as are counted

    private final transient List<String> names; // which, like the settings, every other scan of the columns has
    private final transient ColumnSettings settings;
    private final ArrayList<ColumnTally> tallies = new ArrayList<>();
    private final RowSample sample;
    private final transient long mostBytes;
    private long rows;

    /**
     * @param names of the columns, in the order of the cells of each row
     * @throws DataException when the settings name a column that is not there
     */
    public ColumnScan(List<String> names, ColumnSettings settings) {
        settings.checkNames(names);
        this.names = List.copyOf(names);
        this.settings = settings;
        int count = Math.max(1, names.size());
        int texts = clamp(MOST_TEXTS / count, FEWEST_TEXTS_OF_COLUMN, MOST_TEXTS_OF_COLUMN);
        Encoding encoding = settings.encoding();
        boolean hasMoments =
                encoding.scaling() == Encoding.Scaling.STANDARD || encoding.missing() == Encoding.Missing.MEAN;
        names.forEach(name -> tallies.add(
                new ColumnTally(settings.kinds().get(name), texts, texts * CHARACTERS_OF_TEXT, hasMoments)));
        int sampled = clamp(MOST_SAMPLED_CELLS / count, FEWEST_SAMPLED_ROWS, MOST_SAMPLED_ROWS);
        sample = new RowSample(sampled);
        mostBytes = RowSample.mostBytes(sampled, count)
                + count * ColumnTally.mostBytes(texts, texts * CHARACTERS_OF_TEXT, hasMoments);
    }

    /** Rows so far, without those of weight 0. */
    public long rows() {
        return rows;
    }

    /** About the most bytes of a scan of these columns when it is sent, whatever the number of rows. */
    public long mostBytes() {
        return mostBytes;
    }

    private static int clamp(int value, int least, int most) {
        return Math.max(least, Math.min(most, value));
    }

    /**
     * Adds a raw row; one of weight 0 does not count.
     *
     * @param where names the row for an error message
     * @throws DataException when it has another number of cells
     */
    public void add(Example row, Supplier<String> where) {
        if (!RowCheck.counts(row, where)) {
            return;
        }
        Cells cells = row.cells();
        if (cells == null || cells.size() != tallies.size()) {
            throw new DataException(
                    "%s has %d cells, but there are %d columns",
                    where.get(), cells == null ? 0 : cells.size(), tallies.size());
        }
        rows++;
        double[] values = new double[tallies.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tallies.get(i).add(cells, i, row.weight());
        }
        sample.add(RowKey.of(0, row.withLabel(0)), values, row.weight());
    }

    /** Adds the scan of other rows. */
    public void add(ColumnScan other) {
        rows += other.rows;
        sample.add(other.sample);
        for (int i = 0; i < tallies.size(); i++) {
            tallies.get(i).add(other.tallies.get(i));
        }
    }

    /**
     * Learns how each column becomes inputs.
     *
     * @throws DataException when there are no rows, no column tells anything, the kind of a column cannot be told, or
     *     the columns have more categories than a model file can hold
     */
    public Columns learn() {
        if (rows == 0) {
            throw DataException.of(DataException.Reason.NO_ROWS, "no rows to train on");
        }
        List<ColumnEncoder> encoders = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            encoders.add(new ColumnLearner(names.get(i), tallies.get(i), settings, sample, i, rows).encoder());
        }
        Columns columns = new Columns(encoders);
        if (columns.width() == 0) {
            throw new DataException(
                    "nothing to learn from: each of the columns %s is the same in all rows",
                    LabelColumns.shortened(names));
        }
        ColumnSize.check(columns);
        return columns;
    }

    /**
     * The inputs of learned columns, numbers with the boundaries of bins that hold about equally many rows.
     *
     * @param bins of a number, at most
     */
    public List<ColumnInput> inputs(Columns columns, int bins) {
        List<ColumnInput> inputs = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            ColumnEncoder encoder = columns.encoders().get(i);
            List<ColumnInput> own = encoder.inputs();
            for (int k = 0; k < own.size(); k++) {
                ColumnInput input = own.get(k);
                if (input.role() == ColumnInput.Role.NUMBER) {
                    int place = k;
                    Quantiles quantiles = sample.quantiles(column, value -> scaled(encoder, place, value));
                    input = new ColumnInput(input.name(), input.role(), 0, quantiles.boundaries(bins));
                }
                inputs.add(input);
            }
        }
        return inputs;
    }

    private static double scaled(ColumnEncoder encoder, int place, double value) {
        if (encoder instanceof DateColumn date) {
            DateColumn.Part part = date.parts().get(place);
            return part.scale().apply(part.of().of(value));
        }
        return encoder instanceof QuantileColumn ranked
                ? ranked.rank(value)
                : ((NumberColumn) encoder).scale().apply(value);
    }
}
