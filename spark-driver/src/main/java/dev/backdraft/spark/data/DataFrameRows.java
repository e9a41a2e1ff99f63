package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * Rows of a DataFrame: features from one vector column or from numeric and boolean columns in their order, a label that is
 * numeric, boolean or text, or several labels in a vector or an array of numbers, and a weight. Columns are checked before a job
 * runs, values when they are read.
 */
public final class DataFrameRows implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] features;
    private final boolean vector;
    private final int label; // -1: none
    private final int weight; // -1: all 1
    private final List<String> names; // of all columns
    private final int width; // that vectors must have; -1: any
    private final boolean skip; // rows that are not complete
    private final int classes; // that labels are indices of; 0: they are anything

    private DataFrameRows(
            int[] features,
            boolean vector,
            int label,
            int weight,
            List<String> names,
            int width,
            boolean skip,
            int classes) {
        this.features = features;
        this.vector = vector;
        this.label = label;
        this.weight = weight;
        this.names = names;
        this.width = width;
        this.skip = skip;
        this.classes = classes;
    }

    /**
     * Chooses columns of a schema.
     *
     * @param labelColumn null for the last column
     * @param weightColumn or null
     * @throws DataException when a column is missing or of no use
     */
    public static DataFrameRows forTraining(StructType schema, String labelColumn, String weightColumn) {
        String labelName = labelColumn != null ? labelColumn : schema.fieldNames()[schema.length() - 1];
        int label = index(schema, labelName);
        int weight = weightColumn == null ? -1 : index(schema, weightColumn);
        List<Integer> features = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            if (i != label && i != weight) {
                features.add(i);
            }
        }
        return of(schema, features, label, weight);
    }

    /**
     * Chooses the columns that a model takes, by name where it knows names, else all but the label.
     *
     * @param featureNames of the model; empty when it knows none
     * @param labelColumn or null; may be missing
     */
    public static DataFrameRows forModel(StructType schema, List<String> featureNames, String labelColumn) {
        List<String> names = Arrays.asList(schema.fieldNames());
        int label = labelColumn == null ? -1 : names.indexOf(labelColumn);
        List<Integer> features = new ArrayList<>();
        if (featureNames.isEmpty()) {
            for (int i = 0; i < names.size(); i++) {
                if (i != label) {
                    features.add(i);
                }
            }
        } else {
            featureNames.forEach(name -> features.add(index(schema, name)));
        }
        return of(schema, features, label, -1);
    }

    /**
     * Chooses columns by name, and no others.
     *
     * @param featureColumns one of vectors, or some of numbers and booleans
     * @param labelColumn or null for none
     * @param weightColumn or null for none
     * @throws DataException when a column is missing or of no use
     */
    public static DataFrameRows of(
            StructType schema, List<String> featureColumns, String labelColumn, String weightColumn) {
        return of(
                schema,
                featureColumns.stream().map(name -> index(schema, name)).toList(),
                labelColumn == null ? -1 : index(schema, labelColumn),
                weightColumn == null ? -1 : index(schema, weightColumn));
    }

    private static DataFrameRows of(StructType schema, List<Integer> features, int label, int weight) {
        boolean vector = features.size() == 1
                && schema.fields()[features.get(0)].dataType().equals(SQLDataTypes.VectorType());
        for (int i : features) {
            if (!vector) {
                check(schema.fields()[i], "a feature", false);
            }
        }
        if (features.isEmpty()) {
            throw new DataException("no feature columns: found only %s", String.join(", ", schema.fieldNames()));
        }
        if (label >= 0) {
            checkLabel(schema.fields()[label]);
        }
        if (weight >= 0) {
            check(schema.fields()[weight], "the weight", false);
        }
        return new DataFrameRows(
                features.stream().mapToInt(i -> i).toArray(),
                vector,
                label,
                weight,
                List.of(schema.fieldNames()),
                -1,
                false,
                0);
    }

    /** The same columns, where each vector of features must have this many. */
    public DataFrameRows withWidth(int newWidth) {
        return new DataFrameRows(features, vector, label, weight, names, newWidth, skip, classes);
    }

    /** The same columns, of which rows that are not {@linkplain #isComplete complete} are left out, or are errors. */
    public DataFrameRows withSkip(boolean newSkip) {
        return new DataFrameRows(features, vector, label, weight, names, width, newSkip, classes);
    }

    /** The same columns, where the label of a row that counts must be one of the classes 0, 1, …, as a number. */
    public DataFrameRows withClasses(int count) {
        return new DataFrameRows(features, vector, label, weight, names, width, skip, count);
    }

    private static void checkLabel(StructField field) {
        if (!NumberList.isType(field.dataType())) {
            check(field, "the label", true);
        }
    }

    private static void check(StructField field, String role, boolean textAllowed) {
        boolean number = field.dataType() instanceof NumericType || field.dataType() instanceof BooleanType;
        if (!number && !(textAllowed && field.dataType() instanceof StringType)) {
            throw new DataException(
                    "column '%s' is of type %s and cannot be %s: leave it out, or make numbers of it",
                    field.name(), field.dataType().simpleString(), role);
        }
    }

    private static int index(StructType schema, String name) {
        int index = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (index < 0) {
            throw new DataException("no column '%s': there are %s", name, String.join(", ", schema.fieldNames()));
        }
        return index;
    }

    /** Names of the feature columns; empty for a vector column. */
    public List<String> featureNames() {
        return vector ? List.of() : Arrays.stream(features).mapToObj(names::get).collect(Collectors.toList());
    }

    /** Name of the label's column, or null. */
    public String labelName() {
        return label < 0 ? null : names.get(label);
    }

    /** The rows of a DataFrame of this schema. */
    public ExampleRdd of(Dataset<Row> frame) {
        return ExampleRdd.of(frame.javaRDD(), this::reader, featureNames(), labelName());
    }

    /** Reads rows of this schema; within a Spark task, messages name its partition. */
    public ExampleReader reader(Iterator<Row> rows) {
        return new Reader(rows);
    }

    /** Whether features, label and weight of a row are there, and finite numbers where they are numbers. */
    public boolean isComplete(Row row) {
        for (int column : features) {
            if (!(vector ? isFinite(row.<Vector>getAs(column)) : isFinite(row.get(column)))) {
                return false;
            }
        }
        return (label < 0 || isFinite(row.get(label))) && (weight < 0 || isFinite(row.get(weight)));
    }

    private static boolean isFinite(Vector values) {
        if (values == null) {
            return false;
        }
        double[] doubles = values instanceof SparseVector sparse ? sparse.values() : values.toArray();
        for (double value : doubles) {
            if (!Float.isFinite((float) value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFinite(Object value) {
        if (value instanceof Vector || value instanceof Seq) { // several labels
            return NumberList.isComplete(value);
        }
        return value instanceof Number number ? Float.isFinite(number.floatValue()) : value != null;
    }

    /**
     * The features of a row, without label and weight.
     *
     * @param where names the row for a message
     * @throws DataException when one is missing or not finite, or their number is wrong
     */
    public Example features(Row row, Supplier<String> where) {
        return vector ? vectorRow(row, where) : columnsRow(row, where);
    }

    private Example columnsRow(Row row, Supplier<String> where) {
        float[] values = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            double value = number(row, features[i], where);
            values[i] = rounded(value);
            if (!Float.isFinite(values[i])) {
                throw notFinite(value, names.get(features[i]), where);
            }
        }
        return Example.dense(values, Double.NaN);
    }

    private Example vectorRow(Row row, Supplier<String> where) {
        String column = names.get(features[0]);
        if (row.isNullAt(features[0])) {
            throw new DataException("%s, column '%s': the features are missing", where.get(), column);
        }
        return features(row.getAs(features[0]), width, column, where);
    }

    /**
     * The features of a vector, dense or sparse as it is.
     *
     * @param width that it must have; -1 for any
     * @param column it is from, for a message
     * @param where names the row for a message
     * @throws DataException when it has another width, or a value is not finite
     */
    public static Example features(Vector vector, int width, String column, Supplier<String> where) {
        if (width >= 0 && vector.size() != width) {
            throw new DataException(
                    "%s, column '%s': the vector has %d features instead of %d",
                    where.get(), column, vector.size(), width);
        }
        SparseVector sparse = vector instanceof SparseVector some ? some : null;
        double[] doubles = sparse == null ? vector.toArray() : sparse.values();
        float[] values = new float[doubles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = rounded(doubles[i]);
            if (!Float.isFinite(values[i])) {
                int at = sparse == null ? i : sparse.indices()[i];
                throw notFinite(doubles[i], column + "[" + at + "]", where);
            }
        }
        return sparse == null
                ? Example.dense(values, Double.NaN)
                : Example.sparse(sparse.indices(), values, Double.NaN);
    }

    private static float rounded(double value) {
        return (float) value + 0f; // -0 becomes 0
    }

    private static DataException notFinite(Object value, String column, Supplier<String> where) {
        boolean large = value instanceof Double number && Double.isFinite(number);
        return new DataException(
                "%s, column '%s': the value is %s, %s: %s it or leave the row out",
                where.get(),
                column,
                value,
                large ? "which a float cannot hold" : "not a finite number",
                large ? "scale" : "fill");
    }

    private double number(Row row, int column, Supplier<String> where) {
        Object value = row.get(column);
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        double number = value == null ? Double.NaN : ((Number) value).doubleValue();
        if (!Float.isFinite((float) number)) {
            throw notFinite(value == null ? "missing" : number, names.get(column), where);
        }
        return number;
    }

    private final class Reader implements ExampleReader {
        private final Iterator<Row> rows;
        private long number;

        Reader(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public Example read() {
            Row row = next();
            if (row == null) {
                return null;
            }
            Example example = features(row, this::where);
            if (label >= 0) {
                example = withLabel(example, row);
            }
            if (weight >= 0) {
                example = example.withWeight(weight(row));
            }
            checkClass(example);
            return example;
        }

        private void checkClass(Example example) {
            double found = example.label();
            if (classes > 0 && example.weight() > 0 && !(found >= 0 && found < classes && found == Math.rint(found))) {
                throw new DataException(
                        "%s, column '%s': label %s is none of the %d classes 0 to %d",
                        where(), names.get(label), found, classes, classes - 1);
            }
        }

        private Row next() {
            while (rows.hasNext()) {
                number++;
                Row row = rows.next();
                if (!skip || isComplete(row)) {
                    return row;
                }
            }
            return null;
        }

        private Example textLabel(Example example, Row row) {
            String text = row.getString(label);
            if (text == null || text.isBlank()) {
                throw new DataException("%s, column '%s': the label is missing", where(), names.get(label));
            }
            double value;
            try {
                value = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                value = Double.NaN;
            }
            return example.withLabelText(text, value);
        }

        private Example withLabel(Example example, Row row) {
            DataType type = row.schema().fields()[label].dataType();
            if (NumberList.isType(type)) {
                return example.withLabels(labels(row));
            }
            return type instanceof StringType
                    ? textLabel(example, row)
                    : example.withLabel(number(row, label, this::where));
        }

        private float[] labels(Row row) {
            float[] labels = NumberList.floats(row.get(label));
            if (labels.length == 0) {
                throw new DataException("%s, column '%s': the label is missing", where(), names.get(label));
            }
            for (int k = 0; k < labels.length; k++) {
                if (!Float.isFinite(labels[k])) {
                    throw notFinite(labels[k], names.get(label) + "[" + k + "]", this::where);
                }
            }
            return labels;
        }

        private float weight(Row row) {
            float value = (float) number(row, weight, this::where);
            if (value < 0) {
                throw new DataException(
                        "%s, column '%s': the weight is %s; weights are 0 or more", where(), names.get(weight), value);
            }
            return value;
        }

        @Override
        public String where() {
            TaskContext context = TaskContext.get();
            return context == null ? "row " + number : "partition " + context.partitionId() + " row " + number;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
