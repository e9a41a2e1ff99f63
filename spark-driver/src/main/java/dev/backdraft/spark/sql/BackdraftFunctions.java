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
 *   <li>{@code backdraft_predict(model, features)}, or {@code backdraft_predict(model, a, b, c)} with numbers, is an {@code array<double>} of every output: values in the units of the labels, or
 *       probabilities of the classes (with one sigmoid output that of class 1).
 *   <li>{@code backdraft_predict_class(model, features)} is a {@code string}: the chosen class, as the label of the training data
 *       has it. An error for a model that does not choose one class.
 * </ul>
 *
 * <p>The model is a name under which one is registered, or else the path of a model file, of the directory of a run, or of a saved model of {@code spark.ml}, on any file system of Hadoop. Each
 * query, and each batch of a stream, scores with the model that the driver finds when it plans the query: a model that is written
 * over another, or a name that is registered again, counts from the next query on. The driver reads a file again only when its length
 * or time has changed, and sends the model to the executors. A path that comes from a column is read by the executors; a query whose
 * file is written anew while it runs fails then.
 *
 * <p>Features are a vector, dense or sparse, an array of numbers, or several numbers or booleans, as the training data had them: not scaled. NULL features give
 * NULL; features that are not finite or not as many as the model takes, are an error. Rows are scored one by one: for a large table
 * the model's own {@code transform} or {@code predict}, which take batches, are faster.
 *
 * <p>{@link BackdraftExtensions} brings the same functions to sessions that are not made by a program.
 */
public final class BackdraftFunctions {
    private static final Map<SparkSession, NamedModels> NAMES = new WeakHashMap<>();

    private BackdraftFunctions() {}

    /** Registers the functions in a session; models that are registered there keep their names. */
    public static void register(SparkSession spark) {
        BackdraftExtensions.register(spark, names(spark));
    }

    /**
     * Registers a model under a name, in place of another of this name, and the functions.
     *
     * @param name for SQL; taken before a path of the same text
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
     * Forgets a model of a session. Queries that run keep theirs.
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
