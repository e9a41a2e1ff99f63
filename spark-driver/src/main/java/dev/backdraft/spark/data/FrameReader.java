package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.RowCheck;
import dev.backdraft.data.SkippedRows;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/** Reads rows of a DataFrame; within a Spark task, messages name its partition. For one thread. */
final class FrameReader implements ExampleReader {
    private final DataFrameRows columns;
    private final Iterator<Row> rows;
    private final SkippedRows skipped = new SkippedRows();
    private long number;
    private List<String> kept = List.of();

    FrameReader(DataFrameRows columns, Iterator<Row> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    @Override
    public Example read() {
        Row row = next();
        if (row == null) {
            return null;
        }
        Example example = columns.features(row, this::where);
        if (columns.label() >= 0) {
            example = withLabel(example, row);
        } else if (!columns.labels().isEmpty()) {
            example = example.withLabels(labelColumns(row));
        }
        if (columns.weight() >= 0) {
            example = example.withWeight(weight(row));
        }
        checkClass(example);
        kept = columns.kept(row);
        return example;
    }

    private void checkClass(Example example) {
        double found = example.label();
        if (columns.classes() > 0
                && example.weight() > 0
                && !(found >= 0 && found < columns.classes() && found == Math.rint(found))) {
            throw new DataException(
                    "%s, column '%s': label %s is none of the %d classes 0 to %d",
                    where(), columns.name(columns.label()), found, columns.classes(), columns.classes() - 1);
        }
    }

    private Row next() {
        while (rows.hasNext()) {
            number++;
            Row row = rows.next();
            InvalidValue invalid = columns.skips() ? columns.invalid(row) : null;
            if (invalid == null) {
                return row;
            }
            skipped.add(invalid);
        }
        return null;
    }

    private Example textLabel(Example example, Row row) {
        String text = row.getString(columns.label());
        if (text == null || text.isBlank()) {
            throw missingLabel();
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        String fault = Double.isNaN(value) ? null : RowCheck.fault(value);
        if (fault != null) {
            throw DataException.ofValue(
                    InvalidValue.of(value),
                    "%s, column '%s': '%s' %s",
                    where(),
                    columns.name(columns.label()),
                    text,
                    fault);
        }
        return example.withLabelText(text, value);
    }

    private DataException missingLabel() {
        return DataException.ofValue(
                InvalidValue.MISSING,
                "%s, column '%s': the label is missing: fill it in or leave the row out",
                where(),
                columns.name(columns.label()));
    }

    private Example withLabel(Example example, Row row) {
        DataType type = row.schema().fields()[columns.label()].dataType();
        if (NumberList.isType(type)) {
            return example.withLabels(labels(row));
        }
        return type instanceof StringType
                ? textLabel(example, row)
                : example.withLabel(
                        FrameValues.number(row.get(columns.label()), columns.name(columns.label()), this::where));
    }

    private double[] labels(Row row) {
        Object cell = row.get(columns.label());
        double[] labels = NumberList.doubles(cell);
        if (labels.length == 0) {
            throw missingLabel();
        }
        for (int k = 0; k < labels.length; k++) {
            if (!Float.isFinite((float) labels[k])) {
                throw FrameValues.notFinite(
                        NumberList.element(cell, k), columns.name(columns.label()) + "[" + k + "]", this::where);
            }
        }
        return labels;
    }

    private double[] labelColumns(Row row) {
        double[] labels = new double[columns.labels().size()];
        for (int k = 0; k < labels.length; k++) {
            int column = columns.labels().get(k);
            labels[k] = FrameValues.number(row.get(column), columns.name(column), this::where);
        }
        return labels;
    }

    private float weight(Row row) {
        float value =
                (float) FrameValues.number(row.get(columns.weight()), columns.name(columns.weight()), this::where);
        if (value < 0) {
            throw new DataException(
                    "%s, column '%s': the weight is %s; weights are 0 or more",
                    where(), columns.name(columns.weight()), value);
        }
        return value;
    }

    @Override
    public List<String> kept() {
        return kept;
    }

    @Override
    public SkippedRows skipped() {
        return skipped;
    }

    @Override
    public String where() {
        TaskContext context = TaskContext.get();
        return context == null ? "row " + number : "partition " + context.partitionId() + " row " + number;
    }

    @Override
    public void close() {
        // nothing to close
    }
}
