package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/** One fit: from the parameters of an estimator and a data set to a model. The same for both estimators but for the labels. */
final class Training {
    private final NeuralNetworkParams params;
    private final Dataset<Row> all; // rows, and only the columns that count
    private final Dataset<Row> rows; // to train on
    private final Dataset<Row> validation; // or null
    private final DataFrameRows columns;
    private final FeatureColumns features;

    /** What a fit comes to. */
    record Outcome(Model model, NeuralNetworkTrainingSummary summary) {}

    Training(NeuralNetworkParams params, Dataset<?> data) {
        this.params = params;
        all = Columns.select(data, params);
        String indicator = Columns.name(params, params.validationIndicatorCol());
        Column isValidation = indicator == null ? null : Columns.column(indicator);
        rows = indicator == null ? all : all.where(functions.not(isValidation));
        validation = indicator == null ? null : all.where(isValidation);
        features = FeatureColumns.of(all, Columns.features(params));
        columns = Columns.ofTraining(all.schema(), params).withWidth(features.count());
    }

    /**
     * Trains a classifier.
     *
     * @param thresholds of its classes, or null
     */
    Outcome classifier(double[] thresholds) {
        ClassLabels labels = ClassLabels.of(all, params.getLabelCol());
        int classes = labels.count();
        FitChecks.checkClasses(params, thresholds, classes);
        Loss wanted = TrainingJson.loss(params.getLoss());
        Network network;
        if (NetworkShape.isGiven(params)) {
            network = NetworkShape.given(params, features.count());
        } else {
            boolean single = classes == 2 && (wanted == null || wanted.classCount(1) == 2);
            network = NetworkShape.ofLayers(params, features.count(), classes, single ? 1 : classes);
        }
        int outputs = network.outputSize();
        Loss loss = wanted != null ? wanted : outputs == 1 ? new SigmoidCrossEntropy() : new SoftmaxCrossEntropy();
        if (!loss.classifies() || loss.classCount(outputs) != classes || loss.labelSize(outputs) != 1) {
            throw new DataException(
                    "%s with %d output%s cannot tell the %d classes of column '%s' apart: it needs another loss or network",
                    loss.name(), outputs, outputs == 1 ? "" : "s", classes, params.getLabelCol());
        }
        return train(network, loss, labels.names());
    }

    /** Trains a regression. */
    Outcome regressor() {
        Loss wanted = TrainingJson.loss(params.getLoss());
        Loss loss = wanted == null ? new SquaredError() : wanted;
        if (loss.classifies()) {
            throw new IllegalArgumentException(
                    "loss: " + loss.name() + " is for classes: NeuralNetworkClassifier trains with it");
        }
        Network network = NetworkShape.isGiven(params)
                ? NetworkShape.given(params, features.count())
                : NetworkShape.ofLayers(params, features.count(), outputs(), outputs());
        return train(network, loss, List.of());
    }

    /** The numbers in a row's label. */
    private int outputs() {
        StructField label = Columns.field(rows.schema(), params.getLabelCol());
        return FitChecks.isNumber(label.dataType()) ? 1 : FeatureColumns.listSize(all, label);
    }

    private Outcome train(Network network, Loss loss, List<String> classNames) {
        TrainingRequest request = new TrainingRequest(
                network, loss, TrainingSettings.of(params), params.getStandardize(), params.getValidationFraction());
        History history = new History(params.getTol());
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
        Aggregation aggregation = Aggregation.valueOf(params.getAggregation().toUpperCase(Locale.ROOT));
        ExampleRdd held = validation == null ? null : columns.of(validation);
        try {
            Model model =
                    new SparkTraining(spark, aggregation).train(request, columns.of(rows), held, List.of(history));
            return new Outcome(named(model, classNames), history.summary());
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            throw causeOf(e);
        }
    }

    /** What was wrong, rather than that a job failed. */
    private static RuntimeException causeOf(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataException || cause instanceof DivergedException) {
                return (RuntimeException) cause;
            }
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e.getMessage(), e);
    }

    /** The model with the names that the metadata of the columns holds. */
    private Model named(Model model, List<String> classNames) {
        Preprocessing of = model.preprocessing();
        return new Model(
                model.network(),
                model.loss(),
                new Preprocessing(features.names(), of.labelName(), classNames, of.features(), of.label()),
                model.parameters(),
                model.provenance());
    }
}
