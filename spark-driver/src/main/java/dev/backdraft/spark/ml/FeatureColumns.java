package dev.backdraft.spark.ml;

import dev.backdraft.spark.data.ListColumns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * The features of a data set: how many, and what they are called.
 *
 * @param count at least 1
 * @param names in their order; empty when they have none
 */
record FeatureColumns(int count, List<String> names) {
    FeatureColumns {
        names = List.copyOf(names);
    }

    /**
     * The features of these columns, those of vectors in their places. How long vectors are says the column's ML attribute, else
     * the first of them.
     *
     * @throws DataException when nothing says it
     */
    static FeatureColumns of(Dataset<Row> rows, List<String> columns) {
        int count = 0;
        List<String> names = new ArrayList<>();
        for (ColumnPath path : Columns.paths(rows.schema(), columns)) {
            StructField field = path.field();
            if (!field.dataType().equals(SQLDataTypes.VectorType())) {
                count++;
                names.add(field.name());
                continue;
            }
            AttributeGroup group = AttributeGroup.fromStructField(field);
            int size = ListColumns.size(rows, field);
            count = Math.addExact(count, size);
            List<String> known = names(group);
            for (int i = 0; i < size && columns.size() > 1; i++) {
                names.add(known.isEmpty() ? ListColumns.name(field.name(), i) : known.get(i));
            }
            if (columns.size() == 1) {
                names.addAll(known);
            }
        }
        return new FeatureColumns(count, names.stream().distinct().count() == names.size() ? names : List.of());
    }

    private static List<String> names(AttributeGroup group) {
        List<String> names = new ArrayList<>();
        if (group.attributes().isDefined()) {
            for (Attribute attribute : group.attributes().get()) {
                if (attribute.name().isDefined()) {
                    names.add(attribute.name().get());
                }
            }
        }
        return names.size() == group.size() ? names : List.of();
    }
}
