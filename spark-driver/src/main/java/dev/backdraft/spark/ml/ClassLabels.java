package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.data.ListColumns;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of a label column: as many as its ML attribute says, else the network that is asked for, else one more
 * than the largest label.
 *
 * @param count at least 2
 * @param names of classes 0, 1, …, as {@code StringIndexer} leaves them in the column's metadata; empty when there are none
 */
record ClassLabels(int count, List<String> names) {
    private static final Logger LOG = LoggerFactory.getLogger(ClassLabels.class);
    private static final int MOST = 10_000; // that labels alone may claim: more are rather keys than classes
    private static final int MANY = 100; // as many as Spark's classifiers would count

    ClassLabels {
        names = List.copyOf(names);
    }

    /** What the metadata of a column says; null when it says nothing. */
    static ClassLabels ofMetadata(StructField field) {
        if (!field.metadata().contains(ListColumns.ATTRIBUTES)) {
            return null;
        }
        Attribute attribute = Attribute.fromStructField(field);
        if (attribute instanceof BinaryAttribute binary) {
            return of(2, binary.values().isDefined() ? List.of(binary.values().get()) : List.of());
        }
        if (!(attribute instanceof NominalAttribute nominal)) {
            return null;
        }
        if (nominal.values().isDefined()) {
            List<String> names = List.of(nominal.values().get());
            return of(names.size(), names);
        }
        return nominal.numValues().isDefined()
                ? of((Integer) nominal.numValues().get(), List.of())
                : null;
    }

    private static ClassLabels of(int count, List<String> names) {
        return new ClassLabels(Math.max(2, count), names.size() == Math.max(2, count) ? names : List.of());
    }

    /**
     * The classes of rows: those that the metadata tells, else as many as said, else by one Spark job. Rows whose label is
     * missing or not finite are passed over here, as are those of weight 0.
     *
     * @param weightColumn or null
     * @param said by the network that is asked for; 0 when it says nothing
     * @throws DataException when labels are not class indices, or too large to be
     */
    static ClassLabels of(Dataset<Row> rows, String labelColumn, String weightColumn, int said) {
        StructField field = Columns.field(rows.schema(), labelColumn);
        ClassLabels known = ofMetadata(field);
        if (known != null || said > 0) {
            return known != null ? known : of(said, List.of());
        }
        Column label = Columns.column(field.name()).cast(DataTypes.DoubleType);
        Column counted = functions.abs(label).lt(Double.POSITIVE_INFINITY).and(functions.not(functions.isnan(label)));
        if (weightColumn != null) {
            Column weight =
                    Columns.column(Columns.field(rows.schema(), weightColumn).name());
            Column none = weight.cast(DataTypes.FloatType).equalTo(0); // as training reads it
            counted = counted.and(functions.not(functions.coalesce(none, functions.lit(false))));
        }
        Column finite = functions.when(counted, label);
        Column fraction = functions.when(finite.notEqual(functions.rint(finite)), finite);
        Row found = rows.agg(functions.min(finite), functions.max(finite), functions.max(fraction))
                .first();
        if (found.isNullAt(0)) {
            throw new DataException("no rows to train on: column '%s' has no labels", labelColumn);
        }
        double least = found.getDouble(0);
        double most = found.getDouble(1);
        if (least < 0 || !found.isNullAt(2) || most >= Integer.MAX_VALUE) {
            double bad = !found.isNullAt(2) ? found.getDouble(2) : least < 0 ? least : most;
            throw new DataException(
                    "column '%s': label %s is not a class: classes are whole numbers 0, 1, …; StringIndexer makes"
                            + " them of any values",
                    labelColumn, bad);
        }
        if (most == 0) {
            throw new DataException(
                    "column '%s': all labels are 0, but a classifier needs at least two classes", labelColumn);
        }
        return counted((int) most, labelColumn);
    }

    /** As many classes as the largest label tells. A year or a key is a whole number too. */
    private static ClassLabels counted(int most, String labelColumn) {
        if (most >= MOST) {
            throw new DataException(
                    "column '%s': label %d would make %,d classes, and more than %,d must be confirmed: use"
                            + " StringIndexer, which makes class indices of any values, or give the number of classes by"
                            + " layers or the column's metadata",
                    labelColumn, most, most + 1L, MOST);
        }
        if (most >= MANY) {
            LOG.warn("column '{}': the largest label, {}, makes {} classes", labelColumn, most, most + 1);
        }
        return of(most + 1, List.of());
    }
}
