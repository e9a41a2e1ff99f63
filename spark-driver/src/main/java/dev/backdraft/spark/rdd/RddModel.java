package dev.backdraft.spark.rdd;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.PredictorPool;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.spark.score.SharedModel;
import dev.backdraft.spark.storage.HadoopFileSystems;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.rdd.RDD;

/**
 * Predicts one vector of MLlib, or an RDD of them. Pass features as they were in the training data; the model scales them
 * itself. Rows are scored in batches, with one broadcast of the model. Immutable, thread-safe.
 *
 * <p>A prediction throws a {@link dev.backdraft.data.DataException} (for an RDD, as the cause of Spark's exception) when a
 * vector has the wrong length or a value that is not finite.
 */
public final class RddModel {
    private final Model model;
    private final PredictorPool single; // for one row

    /** Wraps a model, however it was trained. */
    public RddModel(Model model) {
        if (model.preprocessing().columns() != null) {
            throw new DataException("the model takes the columns of a table, and not vectors: use spark.ml");
        }
        this.model = model;
        single = new PredictorPool(model, 1);
    }

    /**
     * Reads a model file, or a saved spark.ml model.
     *
     * @param path on any file system of Hadoop
     * @throws dev.backdraft.model.ModelFileException when it is not a model file that this version can read
     */
    public static RddModel load(SparkContext spark, String path) throws IOException {
        return new RddModel(SavedModel.read(path, spark.hadoopConfiguration()));
    }

    /**
     * Writes a model file, which every part of Backdraft can read, also {@code core} without Spark.
     *
     * @param path of a file that does not exist, on any Hadoop file system
     */
    public void save(SparkContext spark, String path) throws IOException {
        Path file = HadoopFileSystems.path(path);
        try (OutputStream out =
                HadoopFileSystems.of(file, spark.hadoopConfiguration()).create(file, false)) {
            ModelFile.write(model, out);
        }
    }

    /** The model of {@code core}, which predicts without Spark. */
    public Model model() {
        return model;
    }

    /**
     * Returns the value of a regression, or the label of a row's class as the training rows have it: an index 0 … K − 1, −1 or +1,
     * or another whole number. If the class names of the model are texts, as files give them, it is the index of the class.
     *
     * @throws IllegalStateException when the model has several outputs that are not classes: use {@link #predictOutputs}
     */
    public double predict(Vector features) {
        return one(features, prediction());
    }

    /** Predicts each row, as {@link #predict(Vector)} does. */
    public JavaRDD<Double> predict(JavaRDD<Vector> rows) {
        return all(rows, prediction());
    }

    /** The prediction of every row of a Scala RDD; see {@link #predict(JavaRDD)}. */
    public RDD<Double> predict(RDD<Vector> rows) {
        return predict(rows.toJavaRDD()).rdd();
    }

    /**
     * Returns the probability of each class, in ascending order of their labels, also when the network has one output.
     *
     * @throws IllegalStateException when the model is not a classifier
     */
    public Vector predictProbabilities(Vector features) {
        return one(features, probabilities());
    }

    /** Returns the probabilities of every row; see {@link #predictProbabilities(Vector)}. */
    public JavaRDD<Vector> predictProbabilities(JavaRDD<Vector> rows) {
        return all(rows, probabilities());
    }

    /** The probabilities of every row of a Scala RDD; see {@link #predictProbabilities(JavaRDD)}. */
    public RDD<Vector> predictProbabilities(RDD<Vector> rows) {
        return predictProbabilities(rows.toJavaRDD()).rdd();
    }

    /** Returns every output: values in the units of the labels, or probabilities (with one sigmoid output, that of class 1). */
    public Vector predictOutputs(Vector features) {
        return one(features, Output::all);
    }

    /** Returns every output for every row; see {@link #predictOutputs(Vector)}. */
    public JavaRDD<Vector> predictOutputs(JavaRDD<Vector> rows) {
        return all(rows, Output::all);
    }

    /** Every output for every row of a Scala RDD; see {@link #predictOutputs(JavaRDD)}. */
    public RDD<Vector> predictOutputs(RDD<Vector> rows) {
        return predictOutputs(rows.toJavaRDD()).rdd();
    }

    private Output<Double> prediction() {
        if (model.choosesClass()) {
            return Output.classLabel(model);
        }
        if (model.network().outputSize() > 1) {
            throw new IllegalStateException("the model predicts "
                    + model.network().outputSize() + " numbers a row, not one: use predictOutputs");
        }
        return Output::value;
    }

    private Output<Vector> probabilities() {
        if (!model.choosesClass()) {
            throw new IllegalStateException("a model trained with "
                    + model.loss().name() + " has no probabilities of classes: use predictOutputs");
        }
        return Output::probabilities;
    }

    private <T> T one(Vector features, Output<T> output) {
        Example row = VectorRows.of(features, model.network().inputSize(), () -> "the vector");
        Predictor predictor = single.take();
        try {
            predictor.load(List.of(row));
            return output.of(predictor.predictValues(), 0);
        } finally {
            single.give(predictor);
        }
    }

    private <T> JavaRDD<T> all(JavaRDD<Vector> rows, Output<T> output) {
        Broadcast<SharedModel> shared = SharedModel.broadcast(rows.context(), model);
        return rows.mapPartitions(vectors -> predicted(vectors, shared, output));
    }

    private static <T> Iterator<T> predicted(
            Iterator<Vector> vectors, Broadcast<SharedModel> shared, Output<T> output) {
        return new PredictedRows<>(vectors, shared.value().model(), output);
    }
}
