package dev.backdraft.spark.rdd;

import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.PredictorPool;
import dev.backdraft.spark.data.HadoopFileSystems;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.spark.score.SharedModel;
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
 * Predicts MLlib's vectors, one or an RDD of them. The features are as the training data had them; what the model standardises,
 * it standardises itself. Rows are scored in batches, with one broadcast of the model. Immutable, thread-safe.
 *
 * <p>A prediction fails with a {@link dev.backdraft.data.DataException}, in Spark's exception for an RDD, when a vector is not as
 * long as the model takes or not finite.
 */
public final class RddModel {
    private final Model model;
    private final PredictorPool single; // for one row

    /** Predicts by a model trained in any way. */
    public RddModel(Model model) {
        this.model = model;
        single = new PredictorPool(model, 1);
    }

    /**
     * Reads a model file, or a model that spark.ml saved.
     *
     * @param path on any file system of Hadoop
     * @throws dev.backdraft.model.ModelFileException when it is no model file that this version reads
     */
    public static RddModel load(SparkContext spark, String path) throws IOException {
        return new RddModel(SavedModel.read(path, spark.hadoopConfiguration()));
    }

    /**
     * Writes the model file, which every part of Backdraft reads, {@code core} without Spark too.
     *
     * @param path of no file yet, on any file system of Hadoop
     */
    public void save(SparkContext spark, String path) throws IOException {
        Path file = HadoopFileSystems.path(path);
        try (OutputStream out =
                HadoopFileSystems.of(file, spark.hadoopConfiguration()).create(file, false)) {
            ModelFile.write(model, out);
        }
    }

    /** The model, which predicts without Spark, too. */
    public Model model() {
        return model;
    }

    /**
     * Predicts a row: its value, or the label of its class as the training rows have it, be it an index 0 … K − 1, −1 and +1, or
     * other whole numbers. Of a model whose classes have texts as names, as files give them, it is the index of the class.
     *
     * @throws IllegalStateException when the model has several outputs that are no classes: use {@link #predictOutputs}
     */
    public double predict(Vector features) {
        return one(features, prediction());
    }

    /** Predicts each row, as {@link #predict(Vector)} does. */
    public JavaRDD<Double> predict(JavaRDD<Vector> rows) {
        return all(rows, prediction());
    }

    /** Likewise, of a Scala RDD. */
    public RDD<Double> predict(RDD<Vector> rows) {
        return predict(rows.toJavaRDD()).rdd();
    }

    /**
     * The probability of each class, in ascending order of their labels; of both when the network has one output.
     *
     * @throws IllegalStateException when the model does not tell classes apart
     */
    public Vector predictProbabilities(Vector features) {
        return one(features, probabilities());
    }

    /** Of each row, as {@link #predictProbabilities(Vector)}. */
    public JavaRDD<Vector> predictProbabilities(JavaRDD<Vector> rows) {
        return all(rows, probabilities());
    }

    /** Likewise, of a Scala RDD. */
    public RDD<Vector> predictProbabilities(RDD<Vector> rows) {
        return predictProbabilities(rows.toJavaRDD()).rdd();
    }

    /** Every output: values in the units of the labels, or probabilities; with one sigmoid output that of class 1. */
    public Vector predictOutputs(Vector features) {
        return one(features, Output::all);
    }

    /** Of each row, as {@link #predictOutputs(Vector)}. */
    public JavaRDD<Vector> predictOutputs(JavaRDD<Vector> rows) {
        return all(rows, Output::all);
    }

    /** Likewise, of a Scala RDD. */
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
