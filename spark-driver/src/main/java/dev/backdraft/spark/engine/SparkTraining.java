package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.GradientSource;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingLoop;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Training on a cluster, from rows to the model. The driver runs the loop and the optimiser, executors compute the gradients.
 * The same bits as {@link dev.backdraft.train.LocalTraining}.
 */
public final class SparkTraining {
    private final JavaSparkContext spark;

    public SparkTraining(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * Trains a model.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction
     * @throws dev.backdraft.data.DataException when the data does not fit the request; nothing has been trained then. May be
     *     the cause of Spark's exception, when an executor found it
     * @throws dev.backdraft.train.DivergedException when the loss stops being finite
     */
    public Model train(
            TrainingRequest request, ExampleRdd rows, ExampleRdd validation, List<TrainingListener> listeners) {
        Fit fit = Fit.of(request, rows.scan(request, null), rows.featureNames(), rows.labelName());
        BlockSet training = blocks(
                fit,
                resolved(rows, fit, request.split(), false),
                fit.config().batchSize(),
                fit.config().lanes());
        BlockSet held = null;
        if (validation != null) {
            TrainingRequest all = request.withValidationFraction(0).withStandardize(false);
            validation.scan(all, fit::resolve);
            held = blocks(
                    fit, resolved(validation, fit, all.split(), false), BatchLayout.FULL_BATCH, BatchLayout.AUTO_LANES);
        } else if (request.validationFraction() > 0) {
            held = blocks(
                    fit, resolved(rows, fit, request.split(), true), BatchLayout.FULL_BATCH, BatchLayout.AUTO_LANES);
        }
        float[] parameters = fit.network().initialParameters(fit.config().seed());
        try (GradientSource source = new JobPerStepGradients(
                spark, fit.network(), fit.loss(), training, held, fit.config().seed())) {
            EpochResult last =
                    new TrainingLoop(fit.config(), fit.loss(), training.layout(), source, listeners).run(parameters);
            return fit.model(parameters, last);
        }
    }

    private BlockSet blocks(Fit fit, JavaRDD<Example> rows, int batchSize, int lanes) {
        return BlockSet.of(
                rows,
                fit.network().inputSize(),
                fit.preprocessing(),
                fit.config().seed(),
                batchSize,
                lanes,
                spark.defaultParallelism());
    }

    /** The rows that count, of training or those kept back for validation, with labels resolved. */
    private static JavaRDD<Example> resolved(ExampleRdd rows, Fit fit, DataScan.Split split, boolean validation) {
        return rows.mapRows((row, where) ->
                row.weight() > 0 && split.isValidation(row) == validation ? fit.resolve(row, where) : null);
    }
}
