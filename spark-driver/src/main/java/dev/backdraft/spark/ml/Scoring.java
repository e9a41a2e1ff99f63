package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ListColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores the rows of a DataFrame: one function for all columns that a model adds, with one broadcast of the model. */
final class Scoring {
    private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);

    private Scoring() {}

    /**
     * Checks the features of a schema, before any job.
     *
     * @return how to read them from rows of nothing else
     * @throws DataException when columns are missing, of the wrong type or number
     */
    static DataFrameRows features(StructType schema, NeuralNetworkParams params, Model model) {
        List<String> features = Columns.features(params);
        List<ColumnPath> paths = Columns.paths(schema, features);
        Columns.checkOnce(schema, features);
        List<String> names = Columns.names(paths);
        StructType alone = new StructType(paths.stream().map(ColumnPath::field).toArray(StructField[]::new));
        DataFrameRows given = DataFrameRows.of(alone, names, null, null);
        RowEncoder table = model.preprocessing().columns();
        int inputs =
                table == null ? model.network().inputSize() : table.columns().size();
        StructType sized = table == null ? alone : ListColumns.sized(alone, names, table.columns());
        DataFrameRows columns = table == null ? given.checked() : given.raw(sized);
        int found = table == null ? count(paths) : columns.featureNames().size();
        if (found >= 0 && found != inputs) {
            StructField first = paths.get(0).field();
            throw new DataException(
                    "%s: %d features, but the model takes %d",
                    paths.size() == 1 && isVector(first) ? "column '" + first.name() + "'" : "featuresCols",
                    found,
                    inputs);
        }
        return table == null ? columns.withWidth(inputs) : columns;
    }

    /** The features in these columns, or −1 when a column of vectors does not say how many it has. */
    private static int count(List<ColumnPath> paths) {
        int count = 0;
        for (ColumnPath path : paths) {
            int size = isVector(path.field())
                    ? AttributeGroup.fromStructField(path.field()).size()
                    : 1;
            if (size < 0) {
                return -1;
            }
            count += size;
        }
        return count;
    }

    private static boolean isVector(StructField field) {
        return field.dataType().equals(SQLDataTypes.VectorType());
    }

    /**
     * Adds the columns by expressions over the features, so that all other columns stay what they are, and Spark can leave out
     * columns and push filters below.
     *
     * @param schema of the result: that of the data, followed by the new columns
     */
    static Dataset<Row> transform(
            Dataset<?> data, NeuralNetworkParams params, ModelHandle handle, RowScores scores, StructType schema) {
        Dataset<Row> frame = data.toDF();
        if (scores.count() == 0) {
            LOG.warn("{}: transform() does nothing, as no output column is set", params.uid());
            return frame;
        }
        List<ColumnPath> paths = Columns.paths(frame.schema(), Columns.features(params));
        DataFrameRows columns = features(frame.schema(), params, handle.model());
        Column features =
                functions.struct(paths.stream().map(ColumnPath::column).toArray(Column[]::new));
        String invalid = params.getHandleInvalid();
        if (invalid.equals("skip")) {
            UDF1<Row, Boolean> complete = columns::isComplete;
            frame = frame.where(functions
                    .udf(complete, DataTypes.BooleanType)
                    .asNonNullable()
                    .withName("isComplete")
                    .apply(features));
        }
        StructField[] added = Arrays.copyOfRange(schema.fields(), schema.length() - scores.count(), schema.length());
        RowScorer scorer = new RowScorer(
                handle.broadcast(frame.sparkSession().sparkContext()), columns, scores, invalid.equals("error"));
        String all = "scores of " + params.uid();
        List<Column> further = new ArrayList<>(List.of(functions.col("*")));
        for (StructField field : added) {
            further.add(Columns.column(all).getField(field.name()).as(field.name(), field.metadata()));
        }
        // one struct, which Spark does not compute again for each of its fields
        return frame.select(
                        functions.col("*"),
                        functions
                                .udf(scorer, new StructType(added))
                                .asNonNullable()
                                .withName("score")
                                .apply(features)
                                .as(all))
                .select(further.toArray(Column[]::new))
                .drop(Columns.column(all));
    }
}
