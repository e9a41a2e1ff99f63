package dev.backdraft.spark.sql;

import dev.backdraft.data.DataException;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.FrameCells;
import dev.backdraft.spark.data.ListColumns;
import dev.backdraft.spark.data.NumberList;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.runtime.AbstractFunction2;

/**
 * A {@link ScoringFunction} as Spark calls it: on rows of a task, or while it plans. It knows the last row: a filter on what is
 * predicted makes Spark ask twice, below the filter and above it. Thread-safe.
 */
final class PredictFunction extends AbstractFunction2<Object, Object, Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private final ScoringFunction function;
    private final QueryModels models;
    private final ZoneId zone;
    private transient volatile Scored last; // or null
    private transient volatile Places known; // or null

    /**
     * Where rows of a schema have the columns of a model.
     *
     * @param cells of a table; null when the model takes numbers
     */
    private record Places(Model model, StructType schema, int[] places, FrameCells cells) {}

    /** A row of features, a {@code Row} or numbers, and what the model says of it; read only. */
    private record Scored(Model model, Object features, Object result) {
        boolean isOf(Model other, Object otherFeatures) {
            if (model != other) {
                return false;
            }
            return (features instanceof double[] numbers && otherFeatures instanceof double[] others)
                    ? Arrays.equals(numbers, others)
                    : features.equals(otherFeatures);
        }
    }

    /** @param zone by whose clock timestamps are read */
    PredictFunction(ScoringFunction function, QueryModels models, ZoneId zone) {
        this.function = function;
        this.models = models;
        this.zone = zone;
    }

    /**
     * Scores a row.
     *
     * @param model its path or name
     * @param features an ML vector, a sequence of numbers, or a row; null gives null
     * @throws DataException when they are not what the model takes
     */
    @Override
    public Object apply(Object model, Object features) {
        if (!(model instanceof String name)) {
            throw new IllegalArgumentException(
                    function.text() + ": the model is " + model + ", not the path of a file or a name");
        }
        if (features == null) {
            return null;
        }
        Model found = models.model(name);
        Object read = features instanceof Row ? features : NumberList.doubles(features);
        Scored before = last;
        if (before != null && before.isOf(found, read)) {
            return before.result;
        }
        Object result = read instanceof Row row ? ofRow(found, row) : ofNumbers(found, (double[]) read, features);
        last = new Scored(found, read, result);
        return result;
    }

    private Object ofRow(Model model, Row row) {
        Places columns = columns(model, row.schema());
        if (columns.cells != null) {
            return function.of(model, columns.cells.of(row, function::text));
        }
        List<Object> values = new ArrayList<>(columns.places.length);
        for (int place : columns.places) {
            Object value = row.get(place);
            if (value instanceof Vector || value instanceof Seq) {
                values.addAll(NumberList.elements(value));
            } else {
                values.add(value);
            }
        }
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(values.get(i));
            checkFinite(model, i, numbers[i], values.get(i));
        }
        return function.of(model, numbers);
    }

    private static double number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** Where a row has the columns: the fields of their names, if it has them all, else its fields in their order. */
    private Places columns(Model model, StructType schema) {
        Places found = known;
        if (found == null || found.model != model || !found.schema.equals(schema)) {
            List<String> names =
                    ListColumns.sources(schema, model.preprocessing().featureNames());
            List<String> fields = List.of(schema.fieldNames());
            int[] places = !names.isEmpty() && new HashSet<>(fields).containsAll(names)
                    ? names.stream().mapToInt(fields::indexOf).toArray()
                    : IntStream.range(0, fields.size()).toArray();
            found = new Places(model, schema, places, cells(model, schema, places));
            known = found;
        }
        return found;
    }

    private FrameCells cells(Model model, StructType schema, int[] places) {
        RowEncoder table = model.preprocessing().columns();
        if (table == null) {
            return null;
        }
        List<String> columns = Arrays.stream(places)
                .mapToObj(place -> schema.fieldNames()[place])
                .toList();
        return new FrameCells(ListColumns.sized(schema, columns, table.columns()), places, zone);
    }

    private Object ofNumbers(Model model, double[] numbers, Object features) {
        boolean table = model.preprocessing().columns() != null; // which has gaps
        for (int i = 0; i < numbers.length && !table; i++) {
            checkFinite(model, i, numbers[i], NumberList.element(features, i));
        }
        return function.of(model, numbers);
    }

    /** @param value the number as it is written, or what is in its place */
    private void checkFinite(Model model, int feature, double number, Object value) {
        if (!Float.isFinite((float) number)) {
            throw notFinite(model, feature, value);
        }
    }

    private DataException notFinite(Model model, int feature, Object value) {
        List<String> names = model.preprocessing().featureNames();
        return new DataException(
                "%s: feature %d%s is %s: fill it, or give NULL in place of all features to get NULL",
                function.text(),
                feature,
                feature < names.size() ? " ('" + names.get(feature) + "')" : "",
                value == null
                        ? "null"
                        : (value instanceof Number ? value : "'" + value + "'")
                                + ", and the model takes finite floats");
    }
}
