package dev.backdraft.spark.ml;

import dev.backdraft.data.Example;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.PredictorPool;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.score.SharedModel;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;

/**
 * What a model says of a row, as a function of its features. It knows the last row: a filter on what is predicted makes Spark ask
 * twice, below the filter and above it. Thread-safe.
 */
final class RowScorer implements UDF1<Row, Row> {
    private static final long serialVersionUID = 1;

    private final Broadcast<SharedModel> shared;
    private final DataFrameRows columns;
    private final RowScores scores;
    private final boolean refuse; // rows that are not complete
    private transient volatile PredictorPool predictors; // made with the first row: many partitions have none
    private transient volatile Scored last; // or null

    /** A row of features, and what the model says of it. */
    private record Scored(Row features, Row scores) {}

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
        Scored known = last;
        if (known != null && known.features.equals(row)) {
            return known.scores;
        }
        Row scored = score(row);
        last = new Scored(row, scored);
        return scored;
    }

    private Row score(Row row) {
        Object[] values = new Object[scores.count()];
        if (!refuse && !columns.isComplete(row)) {
            scores.putInvalid(values, 0);
        } else {
            PredictorPool pool = predictors();
            Predictor predictor = pool.take();
            try {
                Example features = columns.features(row, RowScorer::where);
                predictor.load(List.of(shared.value().model().encoded(features, RowScorer::where)));
                scores.put(predictor.predictValues(), 0, values, 0);
            } finally {
                pool.give(predictor);
            }
        }
        return RowFactory.create(values);
    }

    private PredictorPool predictors() {
        PredictorPool made = predictors;
        if (made == null) {
            synchronized (this) {
                if (predictors == null) {
                    predictors = new PredictorPool(shared.value().model(), 1);
                }
                made = predictors;
            }
        }
        return made;
    }

    private static String where() {
        TaskContext context = TaskContext.get();
        return context == null ? "a row" : "a row of partition " + context.partitionId();
    }
}
