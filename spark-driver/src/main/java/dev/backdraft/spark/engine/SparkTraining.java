package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.resident.driver.ResidentGradients;
import dev.backdraft.spark.engine.resident.driver.ResidentSettings;
import dev.backdraft.spark.internal.Executors;
import dev.backdraft.train.Fit;
import dev.backdraft.train.InsufficientMemoryException;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training on a cluster, from rows to the model. The driver runs the loop and the optimizer, executors compute the gradients.
 * The same bits as {@link dev.backdraft.train.local.LocalTraining}.
 */
public final class SparkTraining {
    private static final Logger LOG = LoggerFactory.getLogger(SparkTraining.class);

    private final JavaSparkContext spark;

    private final Aggregation aggregation;
    private final JobLabels givenLabels; // or null: new ones for each training

    /** Training that computes gradients in the fastest way that the cluster allows. */
    public SparkTraining(JavaSparkContext spark) {
        this(spark, Aggregation.AUTO);
    }

    /** @param aggregation where gradients are computed; does not change the model */
    public SparkTraining(JavaSparkContext spark, Aggregation aggregation) {
        this(spark, aggregation, null);
    }

    /**
     * Training of a fit that has already run some jobs.
     *
     * @param labels of those jobs, which the training keeps; null for new ones
     */
    public SparkTraining(JavaSparkContext spark, Aggregation aggregation, JobLabels labels) {
        this.spark = spark;
        this.aggregation = aggregation;
        givenLabels = labels;
    }

    /** Trains a model from scratch. */
    public Model train(
            TrainingRequest request, ExampleRdd rows, ExampleRdd validation, List<TrainingListener> listeners) {
        try {
            return train(request, rows, validation, TrainingStart.fromScratch(), listeners);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is read or written
        }
    }

    /**
     * Trains a model.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction
     * @param start from scratch, or from a checkpoint
     * @throws dev.backdraft.data.DataException when the data does not fit the request; nothing has been trained then. May be
     *     the cause of Spark's exception, when an executor found it
     * @throws dev.backdraft.train.DivergedException when the loss stops being finite
     * @throws java.util.concurrent.CancellationException when the thread is interrupted, and it is interrupted again then; or when
     *     Spark's jobs are cancelled
     */
    public Model train(
            TrainingRequest request,
            ExampleRdd rows,
            ExampleRdd validation,
            TrainingStart start,
            List<TrainingListener> listeners)
            throws IOException {
        JobLabels labels = givenLabels != null ? givenLabels : new JobLabels(spark.sc());
        try (PreparedTraining training = prepareLabelled(request, rows, validation, labels)) {
            return training.train(start, listeners);
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            labels.throwIfCancelled(e);
            throw e;
        }
    }

    /**
     * Scans, sorts and cuts the rows of a training.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction; where both have names of
     *     features, the same in the same order
     * @return closed by the caller
     * @throws dev.backdraft.data.DataException as {@link #train}
     * @throws InsufficientMemoryException when driver or executors have too little memory
     */
    public PreparedTraining prepare(TrainingRequest request, ExampleRdd rows, ExampleRdd validation) {
        JobLabels labels = givenLabels != null ? givenLabels : new JobLabels(spark.sc());
        return prepareLabelled(request, rows, validation, labels);
    }

    private PreparedTraining prepareLabelled(
            TrainingRequest request, ExampleRdd rows, ExampleRdd validation, JobLabels labels) {
        SparkPlan.check(request);
        if (validation != null) {
            Fit.checkFeatureNames(rows.featureNames(), validation.featureNames());
        }
        aggregation.check(spark);
        labels.set("reading and sorting rows");
        try {
            return prepare(request, rows, validation, labels);
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            labels.throwIfCancelled(e);
            throw e;
        } finally {
            labels.restore();
        }
    }

    private PreparedTraining prepare(
            TrainingRequest request, ExampleRdd rows, ExampleRdd validation, JobLabels labels) {
        JobAttempts attempts = JobAttempts.ofRows(spark.sc());
        DataScan scan = attempts.run("reading rows", () -> rows.scan(request, null));
        if (scan.skipped().total() > 0) {
            LOG.info("{}", scan.skipped());
        }
        Fit fit = Fit.of(request, scan, rows.featureNames(), rows.labelName(), rows.encoder());
        BlockSet training = blocks(
                fit,
                resolved(rows, fit, request.split(), false, true),
                scan.trainingRows(),
                fit.config().batchSize(),
                fit.config().lanes());
        BlockSet held = null;
        SkippedRows skippedValidation = new SkippedRows();
        try {
            held = held(fit, request, rows, scan, validation, skippedValidation);
            fit.checkMeasures(held != null);
            PreparedTraining prepared = prepared(fit, training, held, labels).withScan(scan, skippedValidation);
            return request.refits()
                    ? prepared.withRefit(() -> prepareLabelled(request.ofRefit(), rows, null, labels))
                    : prepared;
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            training.close();
            if (held != null) {
                held.close();
            }
            throw e;
        }
    }

    /**
     * The blocks of the rows to measure the loss on; null when there are none.
     *
     * @param skipped rows of {@code validation} that readers skip are added
     */
    private BlockSet held(
            Fit fit,
            TrainingRequest request,
            ExampleRdd rows,
            DataScan scan,
            ExampleRdd validation,
            SkippedRows skipped) {
        if (validation != null) {
            TrainingRequest all = request.withValidationFraction(0).withStandardize(false);
            DataScan ofValidation = JobAttempts.ofRows(spark.sc())
                    .run("reading validation rows", () -> validation.scan(all, fit::resolve));
            skipped.add(ofValidation.skipped());
            if (ofValidation.trainingRows() == 0) {
                throw new DataException("no validation rows: all of them have weight 0");
            }
            return blocks(
                    fit,
                    resolved(validation, fit, all.split(), false, false),
                    ofValidation.trainingRows(),
                    BatchLayout.FULL_BATCH,
                    BatchLayout.AUTO_LANES);
        }
        if (request.validationFraction() > 0) {
            return blocks(
                    fit,
                    resolved(rows, fit, request.split(), true, false),
                    scan.validationRows(),
                    BatchLayout.FULL_BATCH,
                    BatchLayout.AUTO_LANES);
        }
        return null;
    }

    private PreparedTraining prepared(Fit fit, BlockSet training, BlockSet held, JobLabels labels) {
        GradientSource source = aggregation.open(spark, fit, training, held);
        try {
            StepPlan plan = plan(fit, training, source);
            plan.check();
            source = new ObservedGradients(fit, training.layout(), source, labels);
            return new PreparedTraining(fit, training.layout(), source, plan);
        } catch (Exception e) {
            source.close();
            throw e;
        }
    }

    private StepPlan plan(Fit fit, BlockSet training, GradientSource source) {
        SparkPlan plan = SparkPlan.of(
                spark.getConf(),
                spark.sc().isLocal(),
                spark.sc().isLocal() ? 1 : Executors.count(spark.sc()),
                ResidentGradients.slots(spark.sc()),
                training.parts());
        return source instanceof JobPerStepGradients
                ? plan.ofJobs(fit, training.layout(), JobSettings.of(spark.getConf()))
                : plan.ofResidents(fit, training.layout(), ResidentSettings.of(spark.getConf()));
    }

    /**
     * The blocks of rows that have been counted.
     *
     * @throws DataException when there are no longer as many
     */
    private BlockSet blocks(Fit fit, JavaRDD<Example> rows, long counted, int batchSize, int lanes) {
        BlockSet blocks = JobAttempts.ofRows(spark.sc())
                .run(
                        "sorting rows",
                        () -> BlockSet.of(
                                rows,
                                counted,
                                fit.network().inputSize(),
                                fit.preprocessing(),
                                fit.config().seed(),
                                batchSize,
                                lanes,
                                spark.defaultParallelism()));
        long found = blocks == null ? 0 : blocks.layout().rows();
        if (found != counted) {
            if (blocks != null) {
                blocks.close();
            }
            throw new DataException(
                    "the rows changed while they were read: %d at first, then %d. Cache a source that returns"
                            + " different rows each time, or write it to a file, before training",
                    counted, found);
        }
        return blocks;
    }

    /**
     * The rows that count, with labels resolved.
     *
     * @param validation whether those that the split keeps back, or the others
     * @param weighed whether with the weights of their classes
     */
    private static JavaRDD<Example> resolved(
            ExampleRdd rows, Fit fit, DataScan.Split split, boolean validation, boolean weighed) {
        return rows.mapRows((row, where) -> {
            if (row.weight() == 0 || split.isValidation(row) != validation) {
                return null;
            }
            Example resolved = fit.resolve(row, where);
            return weighed ? fit.weighed(resolved) : resolved;
        });
    }
}
