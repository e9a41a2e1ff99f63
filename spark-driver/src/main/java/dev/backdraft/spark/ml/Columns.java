package dev.backdraft.spark.ml;

import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Encoding;
import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelScale;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.internal.SqlNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that parameters name: which they are, whether a schema has them, and those that a model adds. */
final class Columns {
    private Columns() {}

    /** The columns of the features: one of vectors, or some of numbers. */
    static List<String> features(NeuralNetworkParams params) {
        String[] several = params.getFeaturesCols();
        return several.length > 0 ? List.of(several) : List.of(params.getFeaturesCol());
    }

    /** The columns of the features, under the names that the rows of a fit have them under. */
    static List<String> features(StructType schema, NeuralNetworkParams params) {
        return names(paths(schema, features(params)));
    }

    /** The name that a parameter holds, or null when it is not set or empty. */
    static String name(NeuralNetworkParams params, Param<String> param) {
        return params.isDefined(param) && !params.$(param).isEmpty() ? params.$(param) : null;
    }

    /** Whether a fit has rows to measure on. */
    static boolean anyValidation(NeuralNetworkParams params) {
        return name(params, params.validationIndicatorCol()) != null || fraction(params) > 0;
    }

    private static double fraction(NeuralNetworkParams params) {
        return Math.max(0, params.getValidationFraction()); // -1: not known before the rows are
    }

    /**
     * Chooses the columns of a fit.
     *
     * @throws DataException when one is missing or of the wrong type
     */
    static DataFrameRows ofTraining(StructType schema, NeuralNetworkParams params) {
        return ofTraining(schema, params, isTable(schema, params));
    }

    /**
     * Chooses the columns of a fit.
     *
     * @param table whether the features are columns of a table
     * @throws DataException when one is missing or of the wrong type
     */
    static DataFrameRows ofTraining(StructType schema, NeuralNetworkParams params, boolean table) {
        String indicator = name(params, params.validationIndicatorCol());
        if (indicator != null) {
            DataFrameRows.checkNoOldVector(field(schema, indicator));
        }
        if (indicator != null && !(type(schema, indicator) instanceof BooleanType)) {
            throw new DataException(
                    "validationIndicatorCol '%s' is of type %s, but must be boolean",
                    indicator, type(schema, indicator).simpleString());
        }
        if (indicator != null && fraction(params) > 0) {
            throw new IllegalArgumentException("set validationIndicatorCol or validationFraction, not both: '"
                    + indicator + "', " + params.getValidationFraction());
        }
        checkFeatures(schema, params);
        return labelled(schema, params, table);
    }

    /**
     * The features, label and weight of labelled rows; an empty {@code labelCol} is for rows without a label.
     *
     * @param table whether the features are columns of a table
     * @throws DataException when one is missing or of the wrong type
     */
    static DataFrameRows labelled(StructType schema, NeuralNetworkParams params, boolean table) {
        List<ColumnPath> features = paths(schema, features(params));
        String weight = name(params, params.weightCol());
        String label = name(params, params.labelCol());
        List<ColumnPath> all = new ArrayList<>(features);
        if (label != null) {
            all.add(ColumnPath.of(schema, label));
        }
        if (weight != null) {
            all.add(ColumnPath.of(schema, weight));
        }
        StructType known = withNested(schema, all);
        DataFrameRows rows = DataFrameRows.of(
                        known,
                        names(features),
                        label == null ? null : field(schema, label).name(),
                        weight == null ? null : field(schema, weight).name())
                .withSkip(!params.getHandleInvalid().equals("error"));
        return table ? rows.raw(known) : rows.checked();
    }

    /** Rows of which those with a label that is not on a scale are skipped if those with invalid values are. */
    static ExampleRdd onScale(ExampleRdd rows, NeuralNetworkParams params, LabelScale scale) {
        return params.getHandleInvalid().equals("error") ? rows : rows.skippingOffScale(scale);
    }

    /**
     * Whether the features are columns of a table, which are encoded: columns of their own, unless all hold numbers and
     * parameters describe a network without a preset, or what happens to gaps, or all hold numbers and vectors.
     */
    static boolean isTable(StructType schema, NeuralNetworkParams params) {
        if (params.getFeaturesCols().length == 0) {
            return false;
        }
        if (table(params).isSet()) {
            return true;
        }
        if (hasNumbers(schema, params)) {
            return NetworkShape.encodesNumbers(params) && !params.isSet(params.handleInvalid());
        }
        return paths(schema, features(params)).stream()
                .map(path -> path.field().dataType())
                .anyMatch(type -> !FitChecks.isNumber(type) && !type.equals(SQLDataTypes.VectorType()));
    }

    /** Whether the features are columns of their own, and each holds numbers. */
    static boolean hasNumbers(StructType schema, NeuralNetworkParams params) {
        return params.getFeaturesCols().length > 0
                && paths(schema, features(params)).stream()
                        .allMatch(path -> FitChecks.isNumber(path.field().dataType()));
    }

    /**
     * Whether rows with gaps among several numbers make these a table: unless it is set what happens to such rows.
     *
     * @param rows with the columns of a fit
     */
    static boolean hasGaps(Dataset<Row> rows, NeuralNetworkParams params) {
        if (!hasNumbers(rows.schema(), params) || params.isSet(params.handleInvalid()) || NetworkShape.isSet(params)) {
            return false;
        }
        Column gap = functions.lit(false);
        for (ColumnPath path : paths(rows.schema(), features(params))) {
            Column column = column(path.field().name());
            gap = gap.or(column.isNull());
            if (path.field().dataType() instanceof DoubleType || path.field().dataType() instanceof FloatType) {
                gap = gap.or(functions.isnan(column));
            }
        }
        return !rows.where(gap).isEmpty();
    }

    /** How the columns of a table are encoded. */
    static ColumnSettings table(NeuralNetworkParams params) {
        return ColumnSettings.STANDARD
                .withKinds(ColumnSettings.kinds(params.getColumnKinds()))
                .withEncoding(Encoding.of(params.getColumnEncoding()));
    }

    /** The columns of these names. */
    static List<ColumnPath> paths(StructType schema, List<String> names) {
        return names.stream().map(name -> ColumnPath.of(schema, name)).toList();
    }

    /** Under which names rows have these columns. */
    static List<String> names(List<ColumnPath> columns) {
        return columns.stream().map(column -> column.field().name()).toList();
    }

    /** The schema with what is in structs at its end, too. */
    static StructType withNested(StructType schema, List<ColumnPath> columns) {
        StructType result = schema;
        for (ColumnPath column : new LinkedHashSet<>(columns)) {
            result = column.isNested() ? result.add(column.field()) : result;
        }
        return result;
    }

    /** A feature that is the label tells what is to be predicted. */
    private static void checkFeatures(StructType schema, NeuralNetworkParams params) {
        Map<List<String>, String> others = new LinkedHashMap<>();
        for (Param<String> param : List.of(params.labelCol(), params.weightCol(), params.validationIndicatorCol())) {
            String name = name(params, param);
            if (name != null) {
                others.putIfAbsent(ColumnPath.of(schema, name).names(), param.name());
            }
        }
        for (String feature : features(params)) {
            String other = others.get(ColumnPath.of(schema, feature).names());
            if (other != null) {
                throw new DataException(
                        "column '%s' is a feature and %s: take it out of the features, or choose another column",
                        feature, other);
            }
        }
        checkOnce(schema, features(params));
    }

    /**
     * Checks that no column is a feature twice, which would be no further feature.
     *
     * @throws DataException when one is
     */
    static void checkOnce(StructType schema, List<String> features) {
        Map<List<String>, String> seen = new HashMap<>();
        for (String feature : features) {
            String before = seen.put(ColumnPath.of(schema, feature).names(), feature);
            if (before != null) {
                throw new DataException(
                        "featuresCols has column '%s' twice%s: list each column once",
                        before, before.equals(feature) ? "" : ", also as '" + feature + "'");
            }
        }
    }

    /**
     * The type of a column.
     *
     * @throws DataException when there is none of the name
     */
    static DataType type(StructType schema, String name) {
        return field(schema, name).dataType();
    }

    /** The column itself, under the name that the rows of a fit have it under. */
    static StructField field(StructType schema, String name) {
        return ColumnPath.of(schema, name).field();
    }

    /** The columns of a fit alone, also those that are in structs. */
    static Dataset<Row> select(Dataset<?> data, NeuralNetworkParams params) {
        List<String> names = new ArrayList<>();
        String indicator = name(params, params.validationIndicatorCol());
        if (indicator != null) {
            names.add(indicator);
        }
        return selectLabelled(data, params, names);
    }

    /**
     * The columns of labelled rows alone: features, label, if there is one, and weight.
     *
     * @param further columns
     */
    static Dataset<Row> selectLabelled(Dataset<?> data, NeuralNetworkParams params, List<String> further) {
        List<String> names = new ArrayList<>(features(params));
        String label = name(params, params.labelCol());
        if (label != null) {
            names.add(label);
        }
        String weight = name(params, params.weightCol());
        if (weight != null) {
            names.add(weight);
        }
        names.addAll(further);
        Set<ColumnPath> columns = new LinkedHashSet<>(paths(data.schema(), names));
        return data.select(columns.stream().map(ColumnPath::column).toArray(Column[]::new));
    }

    /** The column of this very name, dots and all. */
    static Column column(String name) {
        return SqlNames.column(name);
    }

    /**
     * The schema with a further column; the schema itself when its name is empty.
     *
     * @throws DataException when there is one of the name
     */
    static StructType append(StructType schema, String name, DataType type, Metadata metadata) {
        if (name.isEmpty()) {
            return schema;
        }
        if (ColumnPath.isTaken(schema, name)) {
            throw new DataException("there is a column '%s' already: drop it, or choose another name", name);
        }
        return schema.add(new StructField(name, type, false, metadata));
    }
}
