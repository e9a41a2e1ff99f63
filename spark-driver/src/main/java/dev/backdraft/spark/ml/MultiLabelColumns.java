package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.NumberList;
import dev.backdraft.train.InitialModel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a fit with several labels a row, in one column.
 *
 * @param params with this column as {@code labelCol}
 * @param names of the columns that the labels come from, as {@link LabelColumns} joins them
 * @param several those columns; empty when the labels are in one column anyway
 */
record MultiLabelColumns(MultiLabelNeuralNetworkClassifier params, String names, List<ColumnPath> several) {
    private static final String TOGETHER = "all labels"; // the column that several become

    static StringArrayParam labelCols(ParamFactory make) {
        return make.texts(
                "labelCols",
                "columns of the labels, one a label, each of 0 and 1; instead of labelCol, which has arrays or vectors",
                columns -> {});
    }

    static Param<String> probabilityCol(ParamFactory make) {
        return make.usual(
                make.column("probabilityCol", "column for the probabilities of the labels, a vector; empty: none"),
                "probability");
    }

    /**
     * Finds the labels in a schema.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each other
     */
    static MultiLabelColumns of(MultiLabelNeuralNetworkClassifier estimator, StructType schema) {
        List<String> given = List.of(estimator.getLabelCols());
        if (given.isEmpty()) {
            checkList(Columns.field(schema, estimator.getLabelCol()));
            return new MultiLabelColumns(estimator, estimator.getLabelCol(), List.of());
        }
        if (estimator.isSet(estimator.labelCol())) {
            throw new IllegalArgumentException("both labelCol and labelCols are set: clear one of them");
        }
        List<ColumnPath> paths = Columns.paths(schema, given);
        paths.forEach(path -> checkNumber(path.field()));
        checkOnce(paths, Columns.paths(schema, Columns.features(estimator)));
        MultiLabelNeuralNetworkClassifier copy = estimator.copy(ParamMap.empty());
        copy.clear(copy.labelCols());
        copy.set(copy.labelCol(), free(schema));
        return new MultiLabelColumns(copy, LabelColumns.join(Columns.names(paths)), paths);
    }

    private static void checkList(StructField field) {
        DataFrameRows.checkNoOldVector(field);
        if (!NumberList.isType(field.dataType())) {
            throw new DataException(
                    "labelCol '%s' is of type %s, but must be an array of numbers or a vector, with 0 or 1 for each label;"
                            + " or name one column for each label in labelCols",
                    field.name(), field.dataType().simpleString());
        }
    }

    private static void checkNumber(StructField field) {
        if (!FitChecks.isNumber(field.dataType())) {
            throw new DataException(
                    "labelCols: column '%s' is of type %s, but must be of 0 and 1, or boolean; arrays and vectors with all"
                            + " labels of a row go into labelCol",
                    field.name(), field.dataType().simpleString());
        }
    }

    private static void checkOnce(List<ColumnPath> labels, List<ColumnPath> features) {
        Set<List<String>> seen = new HashSet<>();
        for (ColumnPath label : labels) {
            if (!seen.add(label.names())) {
                throw new DataException(
                        "labelCols has column '%s' twice: list each column once",
                        label.field().name());
            }
        }
        for (ColumnPath feature : features) {
            if (seen.contains(feature.names())) {
                throw new DataException(
                        "column '%s' is a feature and a label: take it out of the features or of labelCols",
                        feature.field().name());
            }
        }
    }

    private static String free(StructType schema) {
        StringBuilder name = new StringBuilder(TOGETHER);
        while (ColumnPath.isTaken(schema, name.toString())) {
            name.append('_');
        }
        return name.toString();
    }

    /** The schema with the labels in one column. */
    StructType in(StructType schema) {
        return several.isEmpty()
                ? schema
                : schema.add(params.getLabelCol(), DataTypes.createArrayType(DataTypes.DoubleType, true), false);
    }

    /** The rows with the labels in one column. */
    Dataset<?> in(Dataset<?> data) {
        Column[] labels = several.stream()
                .map(path -> path.column().cast(DataTypes.DoubleType))
                .toArray(Column[]::new);
        return several.isEmpty() ? data : data.withColumn(params.getLabelCol(), functions.array(labels));
    }

    /** Checks that the labels are those of the model to start from, in the same order; null for none. */
    void check(InitialModel initial) {
        List<String> found = LabelColumns.split(names);
        List<String> known = initial == null ? List.of() : labels(initial.model());
        if (!known.isEmpty() && found.size() == known.size() && !found.equals(known)) {
            throw new DataException(
                    "labelCols are %s, but those of initialModel are %s: name the same labels in the same order",
                    LabelColumns.shortened(found), LabelColumns.shortened(known));
        }
    }

    /** The model with the names of the labels' columns. */
    Model named(Model model) {
        Preprocessing of = model.preprocessing();
        return model.withPreprocessing(of.withNames(of.featureNames(), names));
    }

    /** The names of a model's labels; empty where they are in one column. */
    static List<String> labels(Model model) {
        List<String> names = LabelColumns.split(model.preprocessing().labelName());
        return names.size() == model.network().outputSize() ? names : List.of();
    }

    /** The schema of a model's rows with a vector of one entry a label. */
    static StructType append(StructType schema, String name, Model model) {
        if (name.isEmpty()) {
            return schema;
        }
        Attribute[] attributes = labels(model).stream()
                .map(label -> NumericAttribute.defaultAttr().withName(label))
                .toArray(Attribute[]::new);
        AttributeGroup group = attributes.length == 0
                ? new AttributeGroup(name, model.network().outputSize())
                : new AttributeGroup(name, attributes);
        return Columns.append(schema, name, SQLDataTypes.VectorType(), group.toMetadata());
    }

    /** The schema of a fit with the columns that its model will add. */
    static StructType append(StructType schema, MultiLabelParams params) {
        StructType result =
                Columns.append(schema, params.getProbabilityCol(), SQLDataTypes.VectorType(), Metadata.empty());
        result = Columns.append(result, params.getPredictionCol(), SQLDataTypes.VectorType(), Metadata.empty());
        return EmbeddingScores.append(ContributionScores.append(result, params), params);
    }
}
