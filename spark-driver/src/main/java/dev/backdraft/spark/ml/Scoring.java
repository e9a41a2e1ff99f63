package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.score.SharedModel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the rows of a DataFrame: one pass for all columns that a model adds, in blocks of rows, with one broadcast of the model.
 */
final class Scoring {
    private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);

    private Scoring() {}

    /**
     * Checks the features of a schema, before any job.
     *
     * @param inputs that the model takes
     * @return how to read them from rows {@linkplain #withNested with columns for what is in structs}
     * @throws DataException when columns are missing, of the wrong type or number
     */
    static DataFrameRows features(StructType schema, NeuralNetworkParams params, int inputs) {
        List<String> given = Columns.features(params);
        List<ColumnPath> paths = Columns.paths(schema, given);
        Columns.checkOnce(schema, given);
        List<String> names = Columns.names(paths);
        DataFrameRows columns = DataFrameRows.of(Columns.withNested(schema, paths), names, null, null);
        StructField first = paths.get(0).field();
        boolean vector = first.dataType().equals(SQLDataTypes.VectorType());
        int found = vector ? AttributeGroup.fromStructField(first).size() : names.size();
        if (found >= 0 && found != inputs) {
            throw new DataException(
                    "%s: %d features, but the model takes %d",
                    vector ? "column '" + first.name() + "'" : "featuresCols", found, inputs);
        }
        return columns.withWidth(inputs);
    }

    /**
     * Adds the columns.
     *
     * @param schema of the result: that of the data, the further columns behind it
     */
    static Dataset<Row> transform(
            Dataset<?> data, NeuralNetworkParams params, ModelHandle handle, RowScores scores, StructType schema) {
        Dataset<Row> frame = data.toDF();
        if (scores.count() == 0) {
            LOG.warn("{}: transform() does nothing, as no output column is set", params.uid());
            return frame;
        }
        ScorePartition function = new ScorePartition(
                handle.broadcast(frame.sparkSession().sparkContext()),
                features(frame.schema(), params, handle.model().network().inputSize()),
                params.getBlockSize(),
                scores,
                params.getHandleInvalid());
        Dataset<Row> input = withNested(frame, params);
        int own = frame.schema().length();
        int inputs = input.schema().length();
        StructType places = new StructType(); // names may repeat, and metadata gets lost on the way
        for (StructField field : input.schema().fields()) {
            places = places.add("_" + places.length(), field.dataType(), field.nullable());
        }
        List<Column> named = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            StructField field = schema.fields()[i];
            String place = "_" + (i < own ? i : i - own + inputs);
            if (i >= own) {
                places = places.add(place, field.dataType(), field.nullable());
            }
            named.add(functions.col(place).as(field.name(), field.metadata()));
        }
        return input.mapPartitions(function, Encoders.row(places)).select(named.toArray(Column[]::new));
    }

    /** The rows with columns at their end for the features that are in structs. */
    private static Dataset<Row> withNested(Dataset<Row> frame, NeuralNetworkParams params) {
        List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
        Columns.paths(frame.schema(), Columns.features(params)).stream()
                .filter(ColumnPath::isNested)
                .distinct()
                .map(ColumnPath::column)
                .forEach(columns::add);
        return columns.size() == 1 ? frame : frame.select(columns.toArray(Column[]::new));
    }

    /** Scores a partition on an executor. */
    private record ScorePartition(
            Broadcast<SharedModel> shared, DataFrameRows columns, int blockSize, RowScores scores, String handleInvalid)
            implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            return new ScoredRows(rows, columns, shared.value().model(), blockSize, scores, handleInvalid);
        }
    }
}
