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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.collection.Seq;

/**
 * Columns of a DataFrame as the cells of raw rows: numbers, booleans, texts, dates and timestamps, and lists of
 * numbers, each number of which is a cell. All of them may be null.
 */
public final class FrameCells implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] columns;
    private final List<String> names; // of the columns
    private final int[] sizes; // of the lists in each; -1: it has none, or they are not known and are not read
    private final int count; // of all cells
    private final ZoneId zone; // whose clock timestamps are read by

    /**
     * Cells of columns, by the clock of this thread's session.
     *
     * @param schema {@linkplain ListColumns says} how long lists are
     * @param columns places of the columns
     * @throws DataException when there is something else in one of them
     */
    FrameCells(StructType schema, int[] columns) {
        this(schema, columns, zone());
    }

    /**
     * Cells of columns.
     *
     * @param schema {@linkplain ListColumns says} how long lists are
     * @param columns places of the columns, in the order of the cells
     * @param zone by whose clock timestamps are read
     * @throws DataException when there is something else in one of them
     */
    public FrameCells(StructType schema, int[] columns, ZoneId zone) {
        this.columns = columns;
        this.zone = zone;
        names = new ArrayList<>();
        sizes = new int[columns.length];
        int all = 0;
        for (int i = 0; i < columns.length; i++) {
            StructField field = schema.fields()[columns[i]];
            check(field);
            names.add(field.name());
            boolean mayBeList = NumberList.isType(field.dataType()) || field.dataType() instanceof NullType;
            sizes[i] = mayBeList ? ListColumns.saidSize(field) : -1;
            all += Math.abs(sizes[i]);
        }
        count = all;
    }

    /** The names of the cells: those of their columns, and of the numbers in lists. */
    List<String> names() {
        List<String> all = new ArrayList<>(count);
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0) {
                all.add(names.get(i));
            }
            for (int k = 0; k < sizes[i]; k++) {
                all.add(ListColumns.name(names.get(i), k));
            }
        }
        return all;
    }

    /** The zone by whose clock the session of this thread reads timestamps. */
    public static ZoneId zone() {
        return ZoneId.of(SparkSession.active().conf().get("spark.sql.session.timeZone"));
    }

    private static void check(StructField field) {
        DataFrameRows.checkNoOldVector(field);
        if (!isType(field.dataType()) && !(field.dataType() instanceof NullType)) {
            throw new DataException(
                    "column '%s' is of type %s, but the columns of a table hold numbers, booleans, texts, dates,"
                            + " timestamps or lists of numbers: make columns of it, or train without it",
                    field.name(), field.dataType().simpleString());
        }
    }

    /** Whether values of this type can be cells, or lists of cells. */
    public static boolean isType(DataType type) {
        return type instanceof NumericType
                || type instanceof BooleanType
                || type instanceof StringType
                || isDate(type)
                || NumberList.isType(type);
    }

    /** Whether a type is that of dates, with or without a time. */
    static boolean isDate(DataType type) {
        return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    /**
     * The cells of a row.
     *
     * @param where names the row for a message
     * @throws DataException when a list has another length
     */
    public Cells of(Row row, Supplier<String> where) {
        double[] numbers = new double[count];
        String[] texts = new String[count];
        int at = 0;
        for (int i = 0; i < columns.length; i++) {
            Object value = row.get(columns[i]);
            if (sizes[i] < 0) {
                texts[at] = text(value, zone);
                numbers[at] = texts[at] != null || value == null ? Double.NaN : number(value);
                at++;
            } else {
                copyList(value, i, numbers, at, where);
                at += sizes[i];
            }
        }
        return Cells.of(numbers, texts);
    }

    /** Copies the numbers of a list; gaps when there is none. */
    private void copyList(Object value, int column, double[] numbers, int at, Supplier<String> where) {
        if (value == null) {
            Arrays.fill(numbers, at, at + sizes[column], Double.NaN);
            return;
        }
        List<?> found = NumberList.elements(value);
        if (found.size() != sizes[column]) {
            throw new DataException(
                    "%s, column '%s': a list of %d numbers instead of %d: all lists of a column must have one length",
                    where.get(), names.get(column), found.size(), sizes[column]);
        }
        int place = at;
        for (Object element : found) {
            numbers[place++] = element == null ? Double.NaN : number(element);
        }
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
            Object value = row.get(column);
            boolean list = value instanceof Vector || value instanceof Seq;
            boolean infinite = list
                    ? Arrays.stream(NumberList.doubles(value)).anyMatch(Double::isInfinite)
                    : value instanceof Number number && Double.isInfinite(number.doubleValue());
            if (infinite) {
                return InvalidValue.INFINITE;
            }
        }
        return null;
    }
}
