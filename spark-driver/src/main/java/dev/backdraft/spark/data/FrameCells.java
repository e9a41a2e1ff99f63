package dev.backdraft.spark.data;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.InvalidValue;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
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
public final class FrameCells implements Serializable {
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
        zone = zone();
    }

    /** The zone by whose clock the session of this thread reads timestamps. */
    public static ZoneId zone() {
        return ZoneId.of(SparkSession.active().conf().get("spark.sql.session.timeZone"));
    }

    private static void check(StructField field) {
        DataFrameRows.checkNoOldVector(field);
        if (!isType(field.dataType())) {
            throw new DataException(
                    "column '%s' is of type %s, but the columns of a table hold one number, boolean, text, date or timestamp each:"
                            + " make columns of it, or train without it",
                    field.name(), field.dataType().simpleString());
        }
    }

    /** Whether values of this type can be cells: numbers, booleans, texts, dates and timestamps. */
    public static boolean isType(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType || type instanceof StringType || isDate(type);
    }

    /** Whether a type is that of dates, with or without a time. */
    static boolean isDate(DataType type) {
        return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    /** The cells of a row. */
    Cells of(Row row) {
        return of(row, columns, zone);
    }

    /**
     * The cells of columns of a row.
     *
     * @param columns their places, in the order of the cells
     * @param zone by whose clock timestamps are read
     */
    public static Cells of(Row row, int[] columns, ZoneId zone) {
        double[] numbers = new double[columns.length];
        String[] texts = new String[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = row.get(columns[i]);
            texts[i] = text(value, zone);
            numbers[i] = texts[i] != null || value == null ? Double.NaN : number(value);
        }
        return Cells.of(numbers, texts);
    }

    /** Texts, and dates as a file would have them, so that both are found out to be dates; null for others. */
    private static String text(Object value, ZoneId zone) {
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

    /** A float is the number that its text says, so that the same row of a file is the same row. */
    private static double number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        return value instanceof Float number && Float.isFinite(number)
                ? Double.parseDouble(number.toString())
                : ((Number) value).doubleValue();
    }

    /** Why a row cannot be encoded, whatever its columns are: a number is infinite; null when none is. */
    InvalidValue invalid(Row row) {
        for (int column : columns) {
            if (row.get(column) instanceof Number number && Double.isInfinite(number.doubleValue())) {
                return InvalidValue.INFINITE;
            }
        }
        return null;
    }
}
