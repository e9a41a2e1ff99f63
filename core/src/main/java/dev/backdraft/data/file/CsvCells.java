package dev.backdraft.data.file;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DecimalText;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the cells of one record straight from FastCSV's buffer: first the header's names, then, after {@link #select}, numbers,
 * without a {@code String} a cell. Remembers the first cell that is not what it should be, so that the record is read to its
 * end and the next one can be. Blanks around a cell without quotes do not count. Not thread-safe.
 */
final class CsvCells extends CsvCallbackHandler<CsvCells> {
    /** Cells of a record; a line of nothing but separators would fill the memory. */
    static final int MOST_CELLS = 1_000_000;

    private static final int TEXT_SHOWN = 40; // of a cell in a message
    private static final int LABELS_SHARED = 10_000; // more different ones than that are hardly classes

    private final List<String> header = new ArrayList<>();
    private final Map<String, String> labels = new HashMap<>(); // one String a class, not one a row
    private CsvSchema schema;
    private int[] positions; // among the features, a column; −1: no feature
    private boolean blank;
    private long line;
    private int count;
    private String problem;
    private InvalidValue invalidValue; // the reason of the problem when the row may be skipped
    private String textColumn; // the feature that is text, when that is the problem
    private String text; // what it is
    private int[] keptPositions; // among the kept cells, a column; −1: not kept
    private String[] kept;
    private double[] features;
    private String[] cells; // of raw rows; else null
    private int[] labelPositions; // among several labels, a column; −1: none of them
    private double[] labelValues; // of several
    private int labelColumn; // the only one; −1: none, or there are several
    private String labelText;
    private double label = Double.NaN;
    private float weight = 1;

    /** Names in the first record. */
    List<String> header() {
        return header;
    }

    void select(CsvSchema newSchema) {
        schema = newSchema;
        features = new double[schema.features().size()];
        cells = schema.isRaw() ? new String[features.length] : null;
        positions = new int[schema.columns().size()];
        Arrays.fill(positions, -1);
        for (int i = 0; i < features.length; i++) {
            positions[schema.features().get(i)] = i;
        }
        kept = new String[schema.kept().size()];
        keptPositions = new int[positions.length];
        Arrays.fill(keptPositions, -1);
        for (int i = 0; i < kept.length; i++) {
            keptPositions[schema.kept().get(i)] = i;
        }
        List<Integer> labelColumns = schema.labels();
        labelColumn = labelColumns.size() == 1 ? labelColumns.get(0) : -1;
        labelValues = labelColumns.size() > 1 ? new double[labelColumns.size()] : null;
        labelPositions = new int[positions.length];
        Arrays.fill(labelPositions, -1);
        for (int k = 0; labelValues != null && k < labelValues.length; k++) {
            labelPositions[labelColumns.get(k)] = k;
        }
    }

    /** The line the record starts on, from 1. */
    long line() {
        return line;
    }

    /** Number of cells in the record. */
    int count() {
        return count;
    }

    /** Whether a cell is not what it should be. */
    boolean isBad() {
        return problem != null;
    }

    /** What is wrong with the first bad cell, its column and value included. */
    DataException problem(String where) {
        return textColumn == null
                ? DataException.ofValue(invalidValue, "%s, %s", where, problem)
                : DataException.ofTextFeature(textColumn, text, "%s, %s", where, problem);
    }

    /** The texts of the cells that are kept. */
    List<String> kept() {
        return List.of(kept);
    }

    /** The record as a row; it has every column of the schema and no problem. */
    Example toExample() {
        Example unlabeled = cells == null ? Example.dense(features, label) : Example.raw(Cells.of(cells), label);
        Example row = unlabeled.withLabelText(labelText, label).withWeight(weight);
        features = new double[features.length]; // the row keeps the other
        cells = cells == null ? null : new String[cells.length];
        return labelValues == null ? row : row.withLabels(labelValues.clone());
    }

    @Override
    protected void beginRecord(long startingLine) {
        line = startingLine;
        count = 0;
        problem = null;
        invalidValue = null;
        textColumn = null;
        blank = false;
        if (schema == null) {
            header.clear(); // of what turned out a blank line
        }
    }

    @Override
    protected void addField(char[] buffer, int offset, int length, boolean quoted) {
        if (count == MOST_CELLS) {
            throw new IllegalStateException("too many cells");
        }
        int column = count++;
        if (schema != null && column < keptPositions.length && keptPositions[column] >= 0) {
            kept[keptPositions[column]] = text(buffer, offset, length, quoted);
        }
        if (schema == null) {
            header.add(text(buffer, offset, length, quoted));
        } else if (column < positions.length && positions[column] >= 0) {
            if (cells == null) {
                features[positions[column]] = number(column, buffer, offset, length);
            } else {
                cells[positions[column]] = text(buffer, offset, length, quoted);
            }
        } else if (column == labelColumn) {
            setLabel(column, text(buffer, offset, length, quoted));
        } else if (column < labelPositions.length && labelPositions[column] >= 0) {
            labelValues[labelPositions[column]] = number(column, buffer, offset, length);
        } else if (column == schema.weight()) {
            weight = (float) number(column, buffer, offset, length);
            if (weight < 0) {
                bad(column, String.valueOf(buffer, offset, length), "is negative: a weight is zero or more");
            }
        }
        blank = column == 0 && !quoted && text(buffer, offset, length, false).isEmpty();
    }

    private static String text(char[] buffer, int offset, int length, boolean quoted) {
        String text = String.valueOf(buffer, offset, length);
        return quoted ? text : text.strip();
    }

    private double number(int column, char[] buffer, int offset, int length) {
        double number = DecimalText.parse(buffer, offset, offset + length);
        if (Double.isNaN(number)) {
            number = truth(buffer, offset, length);
        }
        String fault = DecimalText.fault(number);
        if (fault != null) {
            bad(column, String.valueOf(buffer, offset, length), fault);
        }
        return number + 0.0; // −0 becomes 0
    }

    /** 1 for true, 0 for false, in any case, as booleans of other formats count; NaN for others. */
    private static double truth(char[] buffer, int offset, int length) {
        if (length < 4 || length > 16) {
            return Double.NaN;
        }
        String word = String.valueOf(buffer, offset, length).strip();
        return word.equalsIgnoreCase("true") ? 1 : word.equalsIgnoreCase("false") ? 0 : Double.NaN;
    }

    private void setLabel(int column, String text) {
        if (text.isBlank()) {
            bad(column, text, null);
        }
        if (labels.size() < LABELS_SHARED) {
            labels.putIfAbsent(text, text);
        }
        labelText = labels.getOrDefault(text, text);
        double number = DecimalText.parse(text);
        String fault = Double.isNaN(number) ? null : DecimalText.fault(number); // text may be the name of a class
        if (fault != null) {
            bad(column, text, fault);
        }
        label = number + 0.0;
    }

    private void bad(int column, String cell, String fault) {
        if (problem != null) {
            return;
        }
        String name = schema.columns().get(column);
        invalidValue = InvalidValue.ofText(cell);
        if (cell.isBlank()) {
            problem = "column '" + name + "' is empty: fill it in or remove the row";
            return;
        }
        String shown = cell.length() <= TEXT_SHOWN ? cell : cell.substring(0, TEXT_SHOWN) + "…";
        boolean isText = invalidValue == null && Double.isNaN(DecimalText.parse(cell)); // else a negative weight
        if (isText && positions[column] >= 0) {
            textColumn = name;
            text = shown;
        }
        problem = "column '" + name + "': '" + shown + "' " + (isText ? textFault(column) : fault);
    }

    private String textFault(int column) {
        if (positions[column] >= 0) {
            return "is not a number, but features must be numbers: correct it, or train without the column";
        }
        return "is not a number, but "
                + (column == schema.weight() ? "weights must be numbers" : "each of several labels must be a number")
                + ": correct it or remove the row";
    }

    @Override
    protected int getFieldCount() {
        return count;
    }

    @Override
    protected RecordType getRecordType() {
        return count == 0 || (count == 1 && blank) ? RecordType.EMPTY : RecordType.DATA;
    }

    @Override
    protected void setEmpty() {} // no cell was added: see getRecordType

    @Override
    protected void setComment(char[] buffer, int offset, int length) {
        throw new IllegalStateException("comments are off"); // FastCSV's default
    }

    @Override
    protected CsvCells buildRecord() {
        return this;
    }
}
