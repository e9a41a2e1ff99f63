package dev.backdraft.spark.rdd;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.apache.spark.rdd.RDD;

/**
 * Trains a network on an RDD of MLlib's {@code LabeledPoint}, dense or sparse, like {@code LogisticRegressionWithLBFGS}. The
 * same rows give the same weights, bit for bit, as a DataFrame or files.
 *
 * <p>Labels are class indices 0 … K − 1, or K whole numbers other than 0, such as −1 and +1, or 1, 2 and 3, or the values of a
 * regression with one output; {@link RddModel#predict(org.apache.spark.mllib.linalg.Vector)} returns what the labels are. The rows
 * are read several times before the first step: cache them if they are expensive to compute. Immutable.
 */
public final class RddTraining {
    private final TrainingRequest request;
    private final Aggregation aggregation;

    /** Training that computes gradients in the fastest way that the cluster allows. */
    public RddTraining(TrainingRequest request) {
        this(request, Aggregation.AUTO);
    }

    /** @param aggregation where gradients are computed; does not change the model */
    public RddTraining(TrainingRequest request, Aggregation aggregation) {
        this.request = request;
        this.aggregation = aggregation;
    }

    /**
     * Trains a model.
     *
     * @throws dev.backdraft.data.DataException when a point does not fit the request; nothing has been trained then
     * @throws dev.backdraft.train.DivergedException when the loss stops being finite
     */
    public RddModel run(JavaRDD<LabeledPoint> points, TrainingListener... listeners) {
        return run(points, null, listeners);
    }

    /** Trains a model on a Scala RDD. */
    public RddModel run(RDD<LabeledPoint> points, TrainingListener... listeners) {
        return run(points.toJavaRDD(), null, listeners);
    }

    /**
     * Trains a model, and measures it on validation rows.
     *
     * @param validation or null; not together with a {@linkplain TrainingRequest#validationFraction() fraction kept back}
     */
    public RddModel run(JavaRDD<LabeledPoint> points, JavaRDD<LabeledPoint> validation, TrainingListener... listeners) {
        SparkTraining training = new SparkTraining(new JavaSparkContext(points.context()), aggregation);
        return new RddModel(training.train(
                request, rows(points), validation == null ? null : rows(validation), List.of(listeners)));
    }

    /** Trains a model on a Scala RDD, with validation rows. */
    public RddModel run(RDD<LabeledPoint> points, RDD<LabeledPoint> validation, TrainingListener... listeners) {
        return run(points.toJavaRDD(), validation == null ? null : validation.toJavaRDD(), listeners);
    }

    private ExampleRdd rows(JavaRDD<LabeledPoint> points) {
        int width = request.network().inputSize();
        return ExampleRdd.of(points, some -> new LabeledPointReader(some, width), List.of(), null);
    }
}
