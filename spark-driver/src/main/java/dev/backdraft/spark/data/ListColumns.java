package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.internal.SqlNames;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns whose cells are {@linkplain NumberList lists of numbers}, among the columns of a table: a column c of lists
 * of n numbers is n columns of numbers, c[0] to c[n − 1]. How long the lists are is kept in the metadata of a schema's
 * field, where ML attributes of vectors say it, too.
 */
public final class ListColumns {
    /** Key of the ML attributes in the metadata of a field. */
    public static final String ATTRIBUTES = "ml_attr";

    private static final String SIZE = "num_attrs";

    private ListColumns() {}

    /** The name of a number in the lists of a column. */
    public static String name(String column, int index) {
        return column + "[" + index + "]";
    }

    /** How long the lists of a column are, as far as its field says it; −1 when it does not. */
    static int saidSize(StructField field) {
        Metadata metadata = field.metadata();
        if (!metadata.contains(ATTRIBUTES) || !metadata.getMetadata(ATTRIBUTES).contains(SIZE)) {
            return -1;
        }
        return (int) metadata.getMetadata(ATTRIBUTES).getLong(SIZE);
    }

    /**
     * How long the lists of a column are: as its field says, else as the first one that is not null.
     *
     * @throws DataException when nothing says it, or there is no number
     */
    public static int size(Dataset<Row> rows, StructField field) {
        int said = saidSize(field);
        if (said > 0) {
            return said;
        }
        Column column = SqlNames.column(field.name());
        boolean vector = NumberList.isVector(field.dataType());
        List<Row> first = rows.where(column.isNotNull())
                .select(vector ? column : functions.size(column))
                .takeAsList(1);
        if (first.isEmpty()) {
            throw new DataException("no rows to train on: column '%s' is empty or null in all", field.name());
        }
        int size = vector ? first.get(0).<Vector>getAs(0).size() : first.get(0).getInt(0);
        if (size == 0) {
            throw new DataException(
                    "column '%s' has an empty list: all lists of a column must have one length, at least 1",
                    field.name());
        }
        return size;
    }

    /**
     * The schema of rows, where each of these columns with lists says how long they are.
     *
     * @throws DataException when nothing says it
     */
    public static StructType sized(Dataset<Row> rows, List<String> columns) {
        StructType schema = rows.schema();
        List<StructField> fields = new ArrayList<>(List.of(schema.fields()));
        for (String column : columns) {
            int place = schema.fieldIndex(column);
            StructField field = fields.get(place);
            if (NumberList.isType(field.dataType())) {
                fields.set(place, sized(field, size(rows, field)));
            }
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    /**
     * The schema, where each of these columns with lists says how long they must be for a model.
     *
     * @param columns of the features, in their order
     * @param model the model's columns
     * @throws DataException when a column has lists and the model takes one value in its place
     */
    public static StructType sized(StructType schema, List<String> columns, List<String> model) {
        List<StructField> fields = new ArrayList<>(List.of(schema.fields()));
        int at = 0; // place among the model's columns
        for (String column : columns) {
            int place = schema.fieldIndex(column);
            StructField field = fields.get(place);
            boolean isList = NumberList.isType(field.dataType());
            boolean isNull = field.dataType() instanceof NullType; // in SQL: a gap, or one for each number of a list
            int size = isList || isNull ? listAt(model, at) : 0;
            if (isList && size == 0) {
                throw new DataException(
                        "column '%s' is of type %s, but the model takes one value there%s: choose another column",
                        column,
                        field.dataType().simpleString(),
                        at < model.size() ? ", its column '" + model.get(at) + "'" : "");
            }
            if (size > 0) {
                fields.set(place, sized(field, size));
            }
            at += Math.max(1, size);
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    private static StructField sized(StructField field, int size) {
        Metadata said = new MetadataBuilder().putLong(SIZE, size).build();
        Metadata all = new MetadataBuilder()
                .withMetadata(field.metadata())
                .putMetadata(ATTRIBUTES, said)
                .build();
        return new StructField(field.name(), field.dataType(), field.nullable(), all);
    }

    /** The columns that columns of a table are from: themselves, or a column of lists in place of its numbers. */
    public static List<String> sources(StructType schema, List<String> model) {
        List<String> names = List.of(schema.fieldNames());
        List<String> sources = new ArrayList<>();
        for (int at = 0; at < model.size(); ) {
            int size = names.contains(model.get(at)) ? 0 : listAt(model, at);
            String list = size == 0 ? "" : base(model.get(at));
            boolean known =
                    names.contains(list) && NumberList.isType(schema.apply(list).dataType());
            sources.add(known ? list : model.get(at));
            at += known ? size : 1;
        }
        return sources;
    }

    /** How many columns from this one on are the numbers of one list; 0 when it is none. */
    private static int listAt(List<String> columns, int at) {
        if (at >= columns.size() || !columns.get(at).endsWith("[0]")) {
            return 0;
        }
        String list = base(columns.get(at));
        int size = 1;
        while (at + size < columns.size() && columns.get(at + size).equals(name(list, size))) {
            size++;
        }
        return size;
    }

    private static String base(String first) {
        return first.substring(0, first.length() - "[0]".length());
    }
}
