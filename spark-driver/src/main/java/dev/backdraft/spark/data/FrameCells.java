package dev.backdraft.spark.data;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Columns of a DataFrame as the cells of raw rows: numbers, booleans, texts, dates and timestamps, all of which may be
 * null.
 */
final class FrameCells implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] columns;
    private final ZoneId zone; // whose clock timestamps are read by

    /**
     * @param columns places of the columns
     * @throws DataException when there is something else in one of them
     */
    FrameCells(StructType schema, int[] columns) {
        for (int column : columns) {
            check(schema.fields()[column]);
        }
        this.columns = columns;
        zone = ZoneId.of(SparkSession.active().conf().get("spark.sql.session.timeZone"));
    }

    private static void check(StructField field) {
        DataFrameRows.checkNoOldVector(field);
        boolean known = field.dataType() instanceof NumericType
                || field.dataType() instanceof BooleanType
                || field.dataType() instanceof StringType
                || isDate(field);
        if (!known) {
            throw new DataException(
                    "column '%s' is of type %s, but the columns of a table hold one number, boolean, text, date or timestamp each:"
                            + " make columns of it, or train without it",
                    field.name(), field.dataType().simpleString());
        }
    }

    /** Whether a column holds dates. */
    static boolean isDate(StructField field) {
        return field.dataType() instanceof DateType
                || field.dataType() instanceof TimestampType
                || field.dataType() instanceof TimestampNTZType;
    }

    /** The cells of a row. */
    Cells of(Row row) {
        double[] numbers = new double[columns.length];
        String[] texts = new String[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = row.get(columns[i]);
            texts[i] = text(value);
            numbers[i] = texts[i] != null || value == null ? Double.NaN : number(value);
        }
        return Cells.of(numbers, texts);
    }

    /** Texts, and dates as a file would have them, so that both are found out to be dates; null for others. */
    private String text(Object value) {
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().toString();
        }
        if (value instanceof Timestamp || value instanceof Instant) {
            Instant instant = value instanceof Timestamp stamp ? stamp.toInstant() : (Instant) value;
            return LocalDateTime.ofInstant(instant, zone).toString();
        }
        boolean text = value instanceof String || value instanceof LocalDate || value instanceof LocalDateTime;
        return text ? value.toString() : null;
    }

    private static double number(Object value) {
        return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
    }
}
