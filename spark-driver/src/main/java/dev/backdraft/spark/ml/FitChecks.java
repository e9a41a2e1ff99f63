package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelScale;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingRules;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What can be said against a fit before any job is run, by the parameters and the schema alone. */
final class FitChecks {
    private FitChecks() {}

    /**
     * Checks columns and parameters of any fit.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each other
     */
    static void check(StructType schema, NeuralNetworkParams params) {
        NetworkShape.check(params);
        LabelScale scale = TrainingSettings.of(params).labelScale();
        TrainingRules.loss(TrainingJson.loss(params.getLoss()), scale);
        Columns.ofTraining(schema, params);
        int features = features(schema, Columns.features(params));
        if (params.isSet(params.layers()) && features >= 0 && params.getLayers()[0] != features) {
            throw new DataException(
                    "layers %s must start with the %d features of the data",
                    Arrays.toString(params.getLayers()), features);
        }
        if (NetworkShape.isGiven(params)) {
            NetworkShape.given(params, features);
        }
    }

    /** The number of features that a schema tells; −1 when it does not. */
    private static int features(StructType schema, List<String> columns) {
        StructField first = Columns.field(schema, columns.get(0));
        return first.dataType().equals(SQLDataTypes.VectorType())
                ? AttributeGroup.fromStructField(first).size()
                : columns.size();
    }

    /** Whether there is one number in a cell of this type. */
    static boolean isNumber(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType;
    }

    /**
     * Checks that labels are numbers.
     *
     * @param remedy for other types
     */
    static void checkNumericLabel(StructType schema, NeuralNetworkParams params, String remedy) {
        DataType type = Columns.type(schema, params.getLabelCol());
        if (!isNumber(type)) {
            throw new DataException(
                    "labelCol '%s' is of type %s, but must be numeric; %s",
                    params.getLabelCol(), type.simpleString(), remedy);
        }
    }

    /**
     * Checks that parameters which list classes list them all.
     *
     * @param thresholds or null
     */
    static void checkClasses(NeuralNetworkParams params, double[] thresholds, int classes) {
        checkLength("thresholds", thresholds == null ? 0 : thresholds.length, classes);
        checkLength("classWeights", params.getClassWeights().length, classes);
        if (params.isSet(params.layers())) {
            int[] layers = params.getLayers();
            if (NetworkShape.classesOfLayers(params) != classes) { // one output tells two apart
                throw new DataException(
                        "layers %s must end with the %d classes of column '%s'",
                        Arrays.toString(layers), classes, params.getLabelCol());
            }
        }
    }

    private static void checkLength(String name, int length, int classes) {
        if (length > 0 && length != classes) {
            throw new DataException("%s has %d numbers for %d classes", name, length, classes);
        }
    }
}
