package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.spark.data.FrameValues;
import dev.backdraft.spark.score.SharedModel;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;

/**
 * A model that can be sent, with the broadcast of it and, for each thread, the scratch to predict single rows. Thread-safe.
 */
final class ModelHandle implements Serializable {
    private static final long serialVersionUID = 1;

    private final SharedModel shared;
    private transient volatile ThreadLocal<Predictor> single;
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
     * Loads a single row into this thread's predictor.
     *
     * @return the predictor, its scratch overwritten by this thread's next call
     * @throws DataException when the vector is not as long as the model takes, or not finite
     */
    Predictor load(Vector features) {
        ThreadLocal<Predictor> predictors = single;
        if (predictors == null) {
            synchronized (this) {
                if (single == null) {
                    single = ThreadLocal.withInitial(() -> model().predictor(1));
                }
                predictors = single;
            }
        }
        Predictor predictor = predictors.get();
        int width = model().network().inputSize();
        Example row = FrameValues.features(features, width, "features", () -> "the row");
        predictor.load(List.of(row));
        return predictor;
    }
}
