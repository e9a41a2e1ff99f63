package dev.backdraft.spark.sql;

import dev.backdraft.data.DataException;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.NumberList;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import scala.runtime.AbstractFunction2;

/**
 * A {@link ScoringFunction} as Spark calls it: on rows of a task, or while it plans. It knows the last row: a filter on what is
 * predicted makes Spark ask twice, below the filter and above it. Thread-safe.
 */
final class PredictFunction extends AbstractFunction2<Object, Object, Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private final ScoringFunction function;
    private final QueryModels models;
    private transient volatile Scored last; // or null

    /** A row of features, and what the model says of it; read only. */
    private record Scored(Model model, double[] numbers, Object result) {}

    PredictFunction(ScoringFunction function, QueryModels models) {
        this.function = function;
        this.models = models;
    }

    /**
     * Scores a row.
     *
     * @param model its path or name
     * @param features an ML vector or a sequence of numbers; null gives null
     * @throws DataException when a number is null or not finite
     */
    @Override
    public Object apply(Object model, Object features) {
        if (!(model instanceof String name)) {
            throw new IllegalArgumentException(
                    function.text() + ": the model is " + model + ", not the path of a file or a name");
        }
        if (features == null) {
            return null;
        }
        Model found = models.model(name);
        double[] numbers = NumberList.doubles(features);
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite((float) numbers[i])) {
                throw notFinite(found, i, NumberList.element(features, i));
            }
        }
        Scored known = last;
        if (known != null && known.model == found && Arrays.equals(known.numbers, numbers)) {
            return known.result;
        }
        Object result = function.of(found, numbers);
        last = new Scored(found, numbers, result);
        return result;
    }

    private DataException notFinite(Model model, int feature, Object value) {
        List<String> names = model.preprocessing().featureNames();
        return new DataException(
                "%s: feature %d%s is %s: fill it, or give NULL in place of all features to get NULL",
                function.text(),
                feature,
                feature < names.size() ? " ('" + names.get(feature) + "')" : "",
                value == null ? "null" : value + ", and the model takes finite floats");
    }
}
