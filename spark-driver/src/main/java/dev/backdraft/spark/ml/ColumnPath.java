package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.internal.SqlNames;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where a column is that a parameter names: at the top of a schema or within its structs. Names are found as Spark finds them:
 * {@code s.f} is field f of struct s, backticks hold a name with dots together, and upper case is lower case unless {@code
 * spark.sql.caseSensitive} is set. A column at the top whose name is the one given, dots and all, comes first.
 *
 * @param names of the structs and of the field, as the schema has them
 * @param field with the name that the rows of a fit have it under: its own at the top of a schema, else the one that was given
 */
record ColumnPath(List<String> names, StructField field) {
    ColumnPath {
        names = List.copyOf(names);
    }

    /**
     * Finds a column.
     *
     * @throws DataException when there is none of the name, or more than one
     */
    static ColumnPath of(StructType schema, String name) {
        List<StructField> whole = matching(schema, name, SqlNames.isCaseSensitive());
        if (!whole.isEmpty()) {
            return top(only(whole, name));
        }
        List<String> parts = SqlNames.parts(name);
        List<String> found = new ArrayList<>();
        StructType within = schema;
        StructField field = null;
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0 && !(field.dataType() instanceof StructType)) {
                throw missing(schema, schema, name, name);
            }
            within = i == 0 ? schema : (StructType) field.dataType();
            List<StructField> matching = matching(within, parts.get(i), SqlNames.isCaseSensitive());
            if (matching.isEmpty()) {
                throw missing(schema, within, name, parts.get(i));
            }
            field = only(matching, name);
            found.add(field.name());
        }
        return found.size() == 1
                ? top(field)
                : new ColumnPath(found, new StructField(name, field.dataType(), true, field.metadata()));
    }

    private static ColumnPath top(StructField field) {
        return new ColumnPath(List.of(field.name()), field);
    }

    private static List<StructField> matching(StructType schema, String name, boolean caseSensitive) {
        List<StructField> matching = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (caseSensitive ? field.name().equals(name) : field.name().equalsIgnoreCase(name)) {
                matching.add(field);
            }
        }
        return matching;
    }

    private static StructField only(List<StructField> matching, String name) {
        if (matching.size() > 1) {
            throw new DataException(
                    "column '%s' is ambiguous: there are %s; rename or drop the others",
                    name,
                    String.join(", ", matching.stream().map(StructField::name).toList()));
        }
        return matching.get(0);
    }

    private static DataException missing(StructType schema, StructType within, String name, String part) {
        List<StructField> near = matching(within, part, false);
        return near.isEmpty()
                ? new DataException(
                        "no column '%s': there are %s%s",
                        name, String.join(", ", within.fieldNames()), within.equals(schema) ? "" : " in its struct")
                : new DataException(
                        "no column '%s', but there is '%s': names are case-sensitive, because spark.sql.caseSensitive"
                                + " is true",
                        name, near.get(0).name());
    }

    /** Whether the column is in a struct. */
    boolean isNested() {
        return names.size() > 1;
    }

    /** The column, under the name of {@link #field}. */
    Column column() {
        Column column = Columns.column(names.get(0));
        for (String name : names.subList(1, names.size())) {
            column = column.getField(name);
        }
        return column.as(field.name(), field.metadata());
    }

    /** Whether a schema has a column of the name at its top, as Spark compares names. */
    static boolean isTaken(StructType schema, String name) {
        return !matching(schema, name, SqlNames.isCaseSensitive()).isEmpty();
    }
}
