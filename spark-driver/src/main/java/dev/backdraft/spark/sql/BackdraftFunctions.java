package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SharedModel;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * Functions of Spark SQL that score rows, in queries, DataFrames and streams.
 *
 * <pre>{@code
 * BackdraftFunctions.register(spark);
 * spark.sql("SELECT id, backdraft_predict('hdfs:///models/churn.backdraft', features) AS churn FROM customers");
 * }</pre>
 *
 * <ul>
 * <li>{@code backdraft_predict(model, features)}, or {@code backdraft_predict(model, a, b, c)} with numbers, returns an
 * {@code array<double>} with every output: values in the units of the labels, or
 *       probabilities of the classes (with one sigmoid output that of class 1).
 * <li>{@code backdraft_predict_class(model, features)} returns a {@code string}: the predicted class, as the label is written
 * in the training data. It is an error for a model that is not a classifier.
 * </ul>
 *
 * <p>The model is a registered name, or otherwise the path of a model file, of a run's directory, or of a saved model of
 * {@code spark.ml}, on any file system of Hadoop. Each query, and each batch of a stream, scores with the model that the driver
 * finds when it plans the query. A model that replaces another one, or a name that is registered again, is used from the next
 * query on. The driver reads a file again only when its length or time has changed, and sends the model to the executors. A path
 * that comes from a column is read by the executors; a query fails if the file is written again while it runs.
 *
 * <p>Features are a vector, dense or sparse, an array of numbers, or several numbers or booleans, as they were in the training
 * data, not scaled. NULL features give NULL; a wrong number of features, or one that is not finite, is an error. Rows are scored
 * one at a time.
 *
 * <p>{@link BackdraftExtensions} adds the functions to every session, for example in {@code spark-sql}.
 */
public final class BackdraftFunctions {
    private static final Map<SparkSession, NamedModels> NAMES = new WeakHashMap<>();

    private BackdraftFunctions() {}

    /** Registers the functions in a session. Models that are registered there keep their names. */
    public static void register(SparkSession spark) {
        BackdraftExtensions.register(spark, names(spark));
    }

    /**
     * Registers the functions, and a model under a name; replaces another model of this name.
     *
     * @param name for SQL; it takes precedence over a path of the same text
     * @throws IllegalArgumentException when the name is blank
     */
    public static void register(SparkSession spark, String name, Model model) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model needs a name, not '" + name + "'");
        }
        register(spark);
        names(spark).put(name, SharedModel.broadcast(spark.sparkContext(), model));
    }

    /**
     * Removes a registered model from a session. Running queries keep it.
     *
     * @return whether there was one of this name
     */
    public static boolean unregister(SparkSession spark, String name) {
        return names(spark).remove(name);
    }

    /** The models that are registered in a session. */
    static NamedModels names(SparkSession spark) {
        synchronized (NAMES) {
            return NAMES.computeIfAbsent(spark, session -> new NamedModels());
        }
    }
}
