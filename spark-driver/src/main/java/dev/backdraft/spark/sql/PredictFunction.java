package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.data.NumberList;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.api.java.UDF2;
import scala.collection.Seq;
import scala.runtime.AbstractFunction2;

/** A {@link ScoringFunction} as Spark calls it: on rows of a task, or while it plans. Thread-safe. */
final class PredictFunction extends AbstractFunction2<Object, Object, Object>
        implements UDF2<Object, Object, Object>, Serializable {
    private static final long serialVersionUID = 1;

    private final ScoringFunction function;
    private final NamedModels models;
    private transient volatile Used used; // last; most queries name one file

    /** The model of a file. */
    private record Used(String path, Model model) {}

    PredictFunction(ScoringFunction function, NamedModels models) {
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
        if (features == null) {
            return null;
        }
        if (!(features instanceof Vector || features instanceof Seq)) {
            throw new IllegalArgumentException(function.text()
                    + ": the features must be a vector or an array of numbers, not "
                    + features.getClass().getSimpleName());
        }
        return function.of(model(name), NumberList.doubles(features));
    }

    @Override
    public Object call(Object model, Object features) {
        return apply(model, features);
    }

    private Model model(String nameOrPath) {
        Model registered = models.named(nameOrPath);
        if (registered != null) {
            return registered;
        }
        Used last = used;
        if (last == null || !last.path().equals(nameOrPath)) {
            last = new Used(nameOrPath, models.inFile(nameOrPath));
            used = last;
        }
        return last.model();
    }
}
