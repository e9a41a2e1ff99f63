package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.json.NearMiss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.mllib.linalg.VectorUDT;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a DataFrame: features from one vector column or from numeric and boolean columns in their order, a label that is
 * numeric, boolean or text, or several labels, in a vector, an array of numbers or columns of their own, and a weight. Columns are checked before a job
 * runs, values when they are read.
 */
public final class DataFrameRows implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String FEATURE = "a feature"; // a role of columns

    private final int[] features;
    private final boolean vectors; // among the columns of the features
    private final List<Integer> labels; // one column, several numbers, or none
    private final int weight; // -1: all 1
    private final List<String> names; // of all columns
    private final int width; // that vectors must have; -1: any
    private final boolean skip; // rows that are not complete
    private final int classes; // that labels are indices of; 0: they are anything
    private final int kept; // columns of text at the end of each row, which are kept beside it
    private final FrameCells cells; // the features of raw rows; null: features are numbers
    private final DataException refusal; // of features that are no numbers; null: they are, or rows are raw

    private DataFrameRows(
            int[] features,
            boolean vectors,
            List<Integer> labels,
            int weight,
            List<String> names,
            int width,
            boolean skip,
            int classes,
            int kept,
            FrameCells cells,
            DataException refusal) {
        this.features = features;
        this.vectors = vectors;
        this.labels = labels;
        this.weight = weight;
        this.names = names;
        this.width = width;
        this.skip = skip;
        this.classes = classes;
        this.kept = kept;
        this.cells = cells;
        this.refusal = refusal;
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
        List<Integer> labels = labels(schema, labelName);
        int weight = weightColumn == null ? -1 : index(schema, weightColumn);
        List<Integer> features = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            if (!labels.contains(i) && i != weight) {
                features.add(i);
            }
        }
        return of(schema, features, labels, weight);
    }

    /**
     * Chooses the columns that a model takes, by name where it knows names, else all but the label.
     *
     * @param featureNames of the model; empty when it knows none
     * @param labelColumn or null; may be missing
     */
    public static DataFrameRows forModel(StructType schema, List<String> featureNames, String labelColumn) {
        return of(schema, modelFeatures(schema, featureNames, labelColumn), places(schema, labelColumn), -1);
    }

    /** Like {@link #forModel}, but the label's column is not read: it may be missing or have anything in it. */
    public static DataFrameRows forPrediction(StructType schema, List<String> featureNames, String labelColumn) {
        return of(schema, modelFeatures(schema, featureNames, labelColumn), List.of(), -1);
    }

    /**
     * Chooses the columns that rows to measure on share with those to train on, by name; others are left out.
     *
     * @param featureNames columns of the features
     * @param weightColumn or null
     * @throws DataException naming all columns that are missing
     */
    public static DataFrameRows forValidation(
            StructType schema, List<String> featureNames, String labelColumn, String weightColumn) {
        CsvSchema.checkColumns(Arrays.asList(schema.fieldNames()), featureNames, labelColumn, weightColumn);
        return of(schema, featureNames, labelColumn, weightColumn);
    }

    private static List<Integer> places(StructType schema, String labelColumn) {
        return LabelColumns.findIfPresent(Arrays.asList(schema.fieldNames()), labelColumn);
    }

    private static List<Integer> labels(StructType schema, String labelColumn) {
        List<String> columns = Arrays.asList(schema.fieldNames());
        if (labelColumn.indexOf(',') < 0 && !columns.contains(labelColumn)) {
            index(schema, labelColumn); // refuses it
        }
        return LabelColumns.find(columns, labelColumn);
    }

    private static List<Integer> modelFeatures(StructType schema, List<String> featureNames, String labelColumn) {
        List<String> names = Arrays.asList(schema.fieldNames());
        List<Integer> labels = places(schema, labelColumn);
        List<Integer> features = new ArrayList<>();
        if (featureNames.isEmpty()) {
            for (int i = 0; i < names.size(); i++) {
                if (!labels.contains(i)) {
                    features.add(i);
                }
            }
        } else {
            featureNames.forEach(name -> features.add(index(schema, name)));
        }
        return features;
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
                labelColumn == null ? List.of() : labels(schema, labelColumn),
                weightColumn == null ? -1 : index(schema, weightColumn));
    }

    private static DataFrameRows of(StructType schema, List<Integer> features, List<Integer> labels, int weight) {
        if (features.isEmpty()) {
            throw new DataException("no feature columns: found only %s", String.join(", ", schema.fieldNames()));
        }
        for (int label : labels) {
            if (labels.size() > 1) {
                check(schema.fields()[label], "one of several labels", false);
            } else {
                checkLabel(schema.fields()[label]);
            }
        }
        if (weight >= 0) {
            check(schema.fields()[weight], "the weight", false);
        }
        return new DataFrameRows(
                features.stream().mapToInt(i -> i).toArray(),
                features.stream().anyMatch(i -> isVector(schema.fields()[i])),
                labels,
                weight,
                List.of(schema.fieldNames()),
                -1,
                false,
                0,
                0,
                null,
                refusal(schema, features));
    }

    /** What is wrong with features that are to be numbers; null when nothing is. */
    private static DataException refusal(StructType schema, List<Integer> features) {
        try {
            for (int i : features) {
                if (!isVector(schema.fields()[i])) {
                    check(schema.fields()[i], FEATURE, false);
                }
            }
            return null;
        } catch (DataException e) {
            return e;
        }
    }

    /**
     * The same columns of raw rows: features stay the {@linkplain dev.backdraft.data.Cells cells} that they are. The
     * time zone of the session tells the time of timestamps.
     *
     * @param schema of the rows, which {@linkplain ListColumns says} how long lists are
     * @throws DataException when a column has no cells of a table
     */
    public DataFrameRows raw(StructType schema) {
        return new DataFrameRows(
                features,
                false,
                labels,
                weight,
                names,
                width,
                skip,
                classes,
                kept,
                new FrameCells(schema, features),
                null);
    }

    /**
     * The same columns, when all features are numbers.
     *
     * @throws DataException naming the first feature that is not
     */
    public DataFrameRows checked() {
        if (refusal != null) {
            throw refusal;
        }
        return this;
    }

    /** The same columns, where each vector of features must have this many. */
    public DataFrameRows withWidth(int newWidth) {
        return new DataFrameRows(
                features, vectors, labels, weight, names, newWidth, skip, classes, kept, cells, refusal);
    }

    /** The same columns, of which rows that are not {@linkplain #isComplete complete} are left out, or are errors. */
    public DataFrameRows withSkip(boolean newSkip) {
        return new DataFrameRows(
                features, vectors, labels, weight, names, width, newSkip, classes, kept, cells, refusal);
    }

    /** The same columns, where the label of a row that counts must be one of the classes 0, 1, …, as a number. */
    public DataFrameRows withClasses(int count) {
        return new DataFrameRows(features, vectors, labels, weight, names, width, skip, count, kept, cells, refusal);
    }

    /** The same columns of rows that have this many further columns of text at their end, which are kept beside each row. */
    public DataFrameRows withKept(int columns) {
        return new DataFrameRows(
                features, vectors, labels, weight, names, width, skip, classes, columns, cells, refusal);
    }

    private static boolean isVector(StructField field) {
        return NumberList.isVector(field.dataType());
    }

    private static void checkLabel(StructField field) {
        if (!NumberList.isType(field.dataType())) {
            check(field, "the label", true);
        }
    }

    private static void check(StructField field, String role, boolean textAllowed) {
        checkNoOldVector(field);
        boolean number = field.dataType() instanceof NumericType || field.dataType() instanceof BooleanType;
        if (!number && !(textAllowed && field.dataType() instanceof StringType)) {
            String what = "column '%s' is of type %s and cannot be %s: make numbers of it"
                    + (role.equals(FEATURE) ? ", or train without it" : "");
            Object[] values = {field.name(), field.dataType().simpleString(), role};
            throw role.equals(FEATURE)
                    ? DataException.ofTextFeature(field.name(), null, what, values)
                    : new DataException(what, values);
        }
    }

    /**
     * Checks that a column has no vectors of the older package: what is to be done with them is the same whatever they are for.
     *
     * @throws DataException when it has
     */
    public static void checkNoOldVector(StructField field) {
        if (field.dataType() instanceof VectorUDT) {
            throw new DataException(
                    "column '%s' has vectors of org.apache.spark.mllib, and spark.ml takes those of org.apache.spark.ml:"
                            + " MLUtils.convertVectorColumnsToML converts the column, asML a single vector",
                    field.name());
        }
    }

    private static int index(StructType schema, String name) {
        int index = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (index < 0) {
            List<String> columns = List.of(schema.fieldNames());
            throw new DataException(
                    "no column '%s'%s: there are %s",
                    name, NearMiss.suggestion(name, columns), LabelColumns.shortened(columns));
        }
        return index;
    }

    /** Names of the features; empty when some of them are in vectors that are not the cells of a table. */
    public List<String> featureNames() {
        if (cells != null) {
            return cells.names();
        }
        return vectors
                ? List.of()
                : Arrays.stream(features).mapToObj(names::get).collect(Collectors.toList());
    }

    /** Names of the columns that the features are in, also of one of vectors. */
    public List<String> featureColumns() {
        return Arrays.stream(features).mapToObj(names::get).toList();
    }

    /** Name of the label's column, or of several as {@link LabelColumns} takes them; null for none. */
    public String labelName() {
        return LabelColumns.join(labels.stream().map(names::get).toList());
    }

    /** The rows of a DataFrame of this schema. */
    public ExampleRdd of(Dataset<Row> frame) {
        return ExampleRdd.of(frame.javaRDD(), checked()::reader, featureNames(), labelName());
    }

    /** Reads rows of this schema; within a Spark task, messages name its partition. */
    public ExampleReader reader(Iterator<Row> rows) {
        return new FrameReader(checked(), rows);
    }

    /** Whether features, label and weight of a row are there, and finite numbers where they are numbers. */
    public boolean isComplete(Row row) {
        return invalid(row) == null;
    }

    /** Why a row is not {@linkplain #isComplete complete}, by its first invalid value; null when it is. */
    InvalidValue invalid(Row row) {
        InvalidValue feature = cells == null ? invalidFeature(row) : cells.invalid(row);
        if (feature != null) {
            return feature;
        }
        for (int label : labels) {
            Object value = row.get(label);
            InvalidValue invalid =
                    value instanceof Vector ? NumberList.invalid(value) : FrameValues.invalid(value); // of none
            if (invalid != null) {
                return invalid;
            }
        }
        return weight < 0 ? null : FrameValues.invalid(row.get(weight));
    }

    private InvalidValue invalidFeature(Row row) {
        for (int column : features) {
            InvalidValue invalid = FrameValues.invalid(row.get(column));
            if (invalid != null) {
                return invalid;
            }
        }
        return null;
    }

    /**
     * The features of a row, without label and weight.
     *
     * @param where names the row for a message
     * @throws DataException when one is missing or not finite, or their number is wrong
     */
    public Example features(Row row, Supplier<String> where) {
        if (cells != null) {
            return Example.raw(cells.of(row, where), Double.NaN);
        }
        return FrameFeatures.of(row, features, vectors, names, width, where);
    }

    /** The texts of the columns that are kept; empty where there is null. */
    List<String> kept(Row row) {
        if (kept == 0) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(kept);
        for (int i = row.length() - kept; i < row.length(); i++) {
            texts.add(row.isNullAt(i) ? "" : row.getString(i));
        }
        return texts;
    }

    /** The place of the label's column; -1 for none, or for {@linkplain #labels several}. */
    int label() {
        return labels.size() == 1 ? labels.get(0) : -1;
    }

    /** The places of the labels' columns. */
    List<Integer> labels() {
        return labels;
    }

    /** The place of the weight's column; -1 for none. */
    int weight() {
        return weight;
    }

    /** The name of a column. */
    String name(int column) {
        return names.get(column);
    }

    /** Whether rows that are not complete are left out. */
    boolean skips() {
        return skip;
    }

    /** Classes that labels must be of; 0 for any labels. */
    int classes() {
        return classes;
    }
}
