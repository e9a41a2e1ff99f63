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
    private static final double SECONDS_OF_DAY = 86_400;

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
            if (value instanceof String text) {
                texts[i] = text;
                numbers[i] = Double.NaN;
            } else {
                numbers[i] = value == null ? Double.NaN : number(value);
            }
        }
        return Cells.of(numbers, texts);
    }

    private double number(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof java.sql.Date date) {
            return SECONDS_OF_DAY * date.toLocalDate().toEpochDay();
        }
        if (value instanceof LocalDate date) {
            return SECONDS_OF_DAY * date.toEpochDay();
        }
        return Cells.seconds(
                value instanceof LocalDateTime time
                        ? time
                        : LocalDateTime.ofInstant(
                                value instanceof Timestamp stamp ? stamp.toInstant() : (Instant) value, zone));
    }
}
