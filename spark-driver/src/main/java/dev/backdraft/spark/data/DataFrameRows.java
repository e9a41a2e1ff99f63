package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a DataFrame: features from one vector column or from numeric and boolean columns in their order, a label that is
 * numeric, boolean or text, and a weight. Columns are checked before a job runs, values when they are read.
 */
public final class DataFrameRows implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] features;
    private final boolean vector;
    private final int label; // -1: none
    private final int weight; // -1: all 1
    private final List<String> names; // of all columns

    private DataFrameRows(int[] features, boolean vector, int label, int weight, List<String> names) {
        this.features = features;
        this.vector = vector;
        this.label = label;
        this.weight = weight;
        this.names = names;
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
            check(schema.fields()[label], "the label", true);
        }
        if (weight >= 0) {
            check(schema.fields()[weight], "the weight", false);
        }
        return new DataFrameRows(
                features.stream().mapToInt(i -> i).toArray(), vector, label, weight, List.of(schema.fieldNames()));
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

    private final class Reader implements ExampleReader {
        private final Iterator<Row> rows;
        private long number;

        Reader(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public Example read() {
            if (!rows.hasNext()) {
                return null;
            }
            number++;
            Row row = rows.next();
            Example example = vector ? vectorRow(row) : columnsRow(row);
            if (label >= 0) {
                example = row.schema().fields()[label].dataType() instanceof StringType
                        ? textLabel(example, row)
                        : example.withLabel(number(row, label));
            }
            return weight < 0 ? example : example.withWeight(weight(row));
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

        private float weight(Row row) {
            float value = (float) number(row, weight);
            if (value < 0) {
                throw new DataException(
                        "%s, column '%s': the weight is %s; weights are 0 or more", where(), names.get(weight), value);
            }
            return value;
        }

        private Example columnsRow(Row row) {
            float[] values = new float[features.length];
            for (int i = 0; i < features.length; i++) {
                values[i] = feature(number(row, features[i]), names.get(features[i]));
            }
            return Example.dense(values, Double.NaN);
        }

        private Example vectorRow(Row row) {
            if (row.isNullAt(features[0])) {
                throw new DataException("%s, column '%s': the features are missing", where(), names.get(features[0]));
            }
            Vector features0 = row.getAs(features[0]);
            double[] doubles = features0 instanceof SparseVector sparse ? sparse.values() : features0.toArray();
            float[] values = new float[doubles.length];
            for (int i = 0; i < values.length; i++) {
                int at = features0 instanceof SparseVector sparse ? sparse.indices()[i] : i;
                values[i] = feature(doubles[i], names.get(features[0]) + "[" + at + "]");
            }
            return features0 instanceof SparseVector sparse
                    ? Example.sparse(sparse.indices(), values, Double.NaN)
                    : Example.dense(values, Double.NaN);
        }

        private float feature(double value, String column) {
            float rounded = (float) value + 0f; // -0 becomes 0
            if (!Float.isFinite(rounded)) {
                throw new DataException(
                        "%s, column '%s': the value is %s, not a finite number: fill it or leave the row out",
                        where(), column, value);
            }
            return rounded;
        }

        private double number(Row row, int column) {
            Object value = row.get(column);
            if (value instanceof Boolean flag) {
                return flag ? 1 : 0;
            }
            double number = value == null ? Double.NaN : ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw new DataException(
                        "%s, column '%s': the value is %s, not a finite number: fill it or leave the row out",
                        where(), names.get(column), value == null ? "missing" : number);
            }
            return number;
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
