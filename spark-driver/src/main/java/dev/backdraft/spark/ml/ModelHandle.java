package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.PredictorPool;
import dev.backdraft.spark.data.FrameValues;
import dev.backdraft.spark.score.SharedModel;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;

/**
 * A model that can be sent, with the broadcast of it and the scratch to predict single rows. Thread-safe.
 */
final class ModelHandle implements Serializable {
    private static final long serialVersionUID = 1;

    private final SharedModel shared;
    private transient volatile PredictorPool single;
    private transient Broadcast<SharedModel> broadcast;
    private transient SparkContext broadcastBy;

    ModelHandle(Model model) {
        shared = new SharedModel(model);
    }

    /** The model; after a transfer, it is built on the first request. */
    Model model() {
        return shared.model();
    }

    /** The broadcast of this model in a Spark application, which is made once. */
    synchronized Broadcast<SharedModel> broadcast(SparkContext spark) {
        if (broadcast == null || broadcastBy != spark) {
            broadcast = SharedModel.broadcast(spark, model());
            broadcastBy = spark;
        }
        return broadcast;
    }

    /**
     * Predicts a single row.
     *
     * @param result makes of the predictor, which has loaded the row, what is wanted of it; must not keep it
     * @throws DataException when the vector is not as long as the model takes, or not finite
     */
    <T> T predict(Vector features, Function<Predictor, T> result) {
        PredictorPool predictors = single;
        if (predictors == null) {
            synchronized (this) {
                if (single == null) {
                    single = new PredictorPool(model(), 1);
                }
                predictors = single;
            }
        }
        if (model().preprocessing().columns() != null) {
            throw new DataException("the model takes the columns of a table, and not a vector: use transform");
        }
        int width = model().network().inputSize();
        Example row = FrameValues.features(features, width, "features", () -> "the row");
        Predictor predictor = predictors.take();
        try {
            predictor.load(List.of(row));
            return result.apply(predictor);
        } finally {
            predictors.give(predictor);
        }
    }
}
