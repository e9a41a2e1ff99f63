package dev.backdraft.spark.sql;

import dev.backdraft.spark.data.NumberList;
import java.io.Serializable;
import scala.runtime.AbstractFunction2;

/** A {@link ScoringFunction} as Spark calls it: on rows of a task, or while it plans. Thread-safe. */
final class PredictFunction extends AbstractFunction2<Object, Object, Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private final ScoringFunction function;
    private final QueryModels models;

    PredictFunction(ScoringFunction function, QueryModels models) {
        this.function = function;
        this.models = models;
    }

    /**
     * Scores a row.
     *
     * @param model its path or name
     * @param features an ML vector or a sequence of numbers; null gives null
     */
    @Override
    public Object apply(Object model, Object features) {
        if (!(model instanceof String name)) {
            throw new IllegalArgumentException(
                    function.text() + ": the model is " + model + ", not the path of a file or a name");
        }
        return features == null ? null : function.of(models.model(name), NumberList.doubles(features));
    }
}
