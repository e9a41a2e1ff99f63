package dev.backdraft.spark.ml;

import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.score.SharedModel;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;

/** What a model says of a row, as a function of its features. Thread-safe; each thread has scratch for one row. */
final class RowScorer implements UDF1<Row, Row> {
    private static final long serialVersionUID = 1;

    private final Broadcast<SharedModel> shared;
    private final DataFrameRows columns;
    private final RowScores scores;
    private final boolean refuse; // rows that are not complete
    private transient volatile ThreadLocal<Predictor> predictors; // made with the first row: many partitions have none

    /**
     * @param columns of the features, in the rows that this takes
     * @param refuse whether rows that are not complete are errors; otherwise they get NaN
     */
    RowScorer(Broadcast<SharedModel> shared, DataFrameRows columns, RowScores scores, boolean refuse) {
        this.shared = shared;
        this.columns = columns;
        this.scores = scores;
        this.refuse = refuse;
    }

    @Override
    public Row call(Row row) {
        Object[] values = new Object[scores.count()];
        if (!refuse && !columns.isComplete(row)) {
            scores.putInvalid(values, 0);
        } else {
            Predictor predictor = predictor();
            predictor.load(List.of(columns.features(row, RowScorer::where)));
            scores.put(predictor.predictValues(), 0, values, 0);
        }
        return RowFactory.create(values);
    }

    private Predictor predictor() {
        ThreadLocal<Predictor> made = predictors;
        if (made == null) {
            synchronized (this) {
                if (predictors == null) {
                    Model model = shared.value().model();
                    predictors = ThreadLocal.withInitial(() -> model.predictor(1));
                }
                made = predictors;
            }
        }
        return made.get();
    }

    private static String where() {
        TaskContext context = TaskContext.get();
        return context == null ? "a row" : "a row of partition " + context.partitionId();
    }
}
