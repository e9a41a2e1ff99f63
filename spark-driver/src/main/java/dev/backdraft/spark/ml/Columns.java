package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.data.DataFrameRows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
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

    /** The name that a parameter holds, or null when it is not set or empty. */
    static String name(NeuralNetworkParams params, Param<String> param) {
        return params.isDefined(param) && !params.$(param).isEmpty() ? params.$(param) : null;
    }

    /** Whether a fit has rows to measure on. */
    static boolean anyValidation(NeuralNetworkParams params) {
        return name(params, params.validationIndicatorCol()) != null || fraction(params) > 0;
    }

    private static double fraction(NeuralNetworkParams params) {
        return params.isDefined(params.validationFraction()) ? params.getValidationFraction() : 0;
    }

    /**
     * Chooses the columns of a fit.
     *
     * @throws DataException when one is missing or of the wrong type
     */
    static DataFrameRows ofTraining(StructType schema, NeuralNetworkParams params) {
        String indicator = name(params, params.validationIndicatorCol());
        if (indicator != null && !(type(schema, indicator) instanceof BooleanType)) {
            throw new DataException(
                    "validationIndicatorCol '%s' is of type %s, but must be boolean",
                    indicator, type(schema, indicator).simpleString());
        }
        if (indicator != null && fraction(params) > 0) {
            throw new IllegalArgumentException("set validationIndicatorCol or validationFraction, not both: '"
                    + indicator + "', " + params.getValidationFraction());
        }
        checkFeatures(params, indicator);
        return DataFrameRows.of(schema, features(params), params.getLabelCol(), name(params, params.weightCol()))
                .withSkip(!params.getHandleInvalid().equals("error"));
    }

    /** A feature that is the label tells what is to be predicted; one that is there twice is no further feature. */
    private static void checkFeatures(NeuralNetworkParams params, String indicator) {
        Map<String, String> others = new LinkedHashMap<>();
        others.put(params.getLabelCol(), "labelCol");
        others.put(name(params, params.weightCol()), "weightCol");
        others.put(indicator, "validationIndicatorCol");
        Set<String> seen = new LinkedHashSet<>();
        for (String feature : features(params)) {
            if (others.containsKey(feature)) {
                throw new DataException(
                        "column '%s' is a feature and %s: take it out of the features, or choose another column",
                        feature, others.get(feature));
            }
            if (!seen.add(feature)) {
                throw new DataException("featuresCols has column '%s' twice: list each column once", feature);
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

    /** Likewise, the column. */
    static StructField field(StructType schema, String name) {
        int index = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (index < 0) {
            throw new DataException("no column '%s': there are %s", name, String.join(", ", schema.fieldNames()));
        }
        return schema.fields()[index];
    }

    /** The columns of a fit alone. */
    static Dataset<Row> select(Dataset<?> data, NeuralNetworkParams params) {
        Set<String> names = new LinkedHashSet<>(features(params));
        names.add(params.getLabelCol());
        for (Param<String> param : List.of(params.weightCol(), params.validationIndicatorCol())) {
            String name = name(params, param);
            if (name != null) {
                names.add(name);
            }
        }
        return data.select(names.stream().map(Columns::column).toArray(Column[]::new));
    }

    /** The column of this very name, dots and all. */
    static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
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
        if (Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new DataException("there is a column '%s' already: drop it, or choose another name", name);
        }
        return schema.add(new StructField(name, type, false, metadata));
    }
}
