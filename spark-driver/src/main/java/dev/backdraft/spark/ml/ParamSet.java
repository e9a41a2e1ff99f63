package dev.backdraft.spark.ml;

import dev.backdraft.json.JsonText;
import dev.backdraft.json.RecordJson;
import dev.backdraft.layer.Activations;
import dev.backdraft.metric.Metrics;
import dev.backdraft.train.Defaults;
import dev.backdraft.train.TrainingJson;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The parameters of one stage beside those that its Spark class brings, with their documentation, checks and defaults. Users
 * see them through {@link NeuralNetworkParams}.
 */
final class ParamSet implements Serializable {
    private static final long serialVersionUID = 1;

    final StringArrayParam featuresCols;
    final Param<String> weightCol;
    final Param<String> validationIndicatorCol;
    final DoubleParam validationFraction;
    final Param<String> handleInvalid;
    final BooleanParam standardize;
    final IntArrayParam hiddenLayers;
    final IntArrayParam layers;
    final Param<String> activation;
    final DoubleParam dropout;
    final Param<String> network;
    final Param<String> loss;
    final IntParam maxIter;
    final IntParam batchSize;
    final IntParam lanes;
    final Param<String> optimizer;
    final DoubleParam stepSize;
    final Param<String> schedule;
    final DoubleParam l1;
    final DoubleParam l2;
    final DoubleArrayParam classWeights;
    final BooleanParam balanceClasses;
    final DoubleParam tol;
    final IntParam earlyStoppingPatience;
    final Param<String> earlyStoppingMetric;
    final DoubleParam earlyStoppingMinChange;
    final StringArrayParam metrics;
    final LongParam seed;
    final Param<String> settings;
    final Param<String> aggregation;
    final IntParam blockSize;

    /** Makes the parameters of a stage whose uid is settled, and sets their defaults. */
    ParamSet(Params owner) {
        ParamFactory make = new ParamFactory(owner);
        featuresCols = make.texts(
                "featuresCols",
                "columns of numbers and booleans that are the features, in this order, instead of featuresCol",
                columns -> {});
        weightCol = make.column("weightCol", "column of row weights: a row counts like so many rows; empty: 1 each");
        validationIndicatorCol = make.column(
                "validationIndicatorCol",
                "boolean column: true for rows to measure on after each epoch, false for rows to train on; rows with null"
                        + " are left out");
        validationFraction = make.shareOrChosen(
                "validationFraction",
                "share of the rows to measure on, without a validationIndicatorCol; 0: none; -1: chosen from the data ("
                        + Defaults.VALIDATION_RULE + ")");
        handleInvalid = make.choice(
                "handleInvalid",
                "rows with a null, NaN or infinite value: error; skip (left out); keep (left out of a fit, predicted as"
                        + " NaN)",
                "error",
                "skip",
                "keep");
        standardize = make.flag(
                "standardize",
                "whether features, and the labels of a regression, are scaled to mean 0 and deviation 1 of the training"
                        + " rows; kept in the model. Not set: " + Defaults.STANDARDIZE_RULE,
                true);
        hiddenLayers = make.usual(
                make.integers(
                        "hiddenLayers", "units of each hidden layer; none for a linear model", ParamSet::checkUnits),
                Defaults.HIDDEN.stream().mapToInt(Integer::intValue).toArray());
        layers = make.integers(
                "layers",
                "sizes of all layers, from the number of features to that of classes or outputs; instead of"
                        + " hiddenLayers",
                ParamSet::checkLayers);
        activation = make.usual(
                make.text(
                        "activation",
                        "function behind each hidden layer, as name or name:key=value,…",
                        text -> new RecordJson(List.of(Activations.CATALOG)).read(text, Activations.CATALOG)),
                "relu");
        dropout = make.share("dropout", "share of each hidden layer's units that a training step drops");
        network = make.text(
                "network",
                "the whole network as JSON, as in {\"layers\": [{\"type\": \"dense\", \"outputSize\": 10}]}; instead of"
                        + " hiddenLayers, activation and dropout",
                JsonText::read);
        loss = make.usual(
                make.text(
                        "loss",
                        "what is minimised, as name or name:key=value,…; auto: cross-entropy for classes, squared error"
                                + " for numbers",
                        TrainingJson::loss),
                "auto");
        maxIter = make.whole(
                "maxIter",
                "passes over the training rows (epochs); 0: chosen from the data (" + Defaults.EPOCHS_RULE + ")",
                0,
                0);
        batchSize = make.whole(
                "batchSize",
                "rows of a step; 0: all rows; -1: chosen from the data (" + Defaults.BATCH_SIZE_RULE + ")",
                ParamFactory.CHOSEN,
                ParamFactory.CHOSEN);
        lanes = make.whole(
                "lanes",
                "parts of a step that can be computed at once, a divisor of batchSize; 0: by the batch size",
                0,
                0);
        optimizer = make.usual(
                make.text(
                        "optimizer",
                        "rule that moves the weights, as name or name:key=value,…",
                        text -> TrainingSettings.check("optimizer", text)),
                "adam");
        stepSize = make.notNegative(
                "stepSize",
                "learning rate before any schedule; 0: chosen from the data (" + Defaults.LEARNING_RATE_RULE + ")",
                0);
        schedule = make.usual(
                make.text(
                        "schedule",
                        "how the learning rate changes, as name or name:key=value,…",
                        text -> TrainingSettings.check("schedule", text)),
                "constant");
        l1 = make.notNegative("l1", "L1 penalty l1/N ‖w‖₁ with N training rows", 0);
        l2 = make.notNegativeOrChosen(
                "l2",
                "L2 penalty l2/2N ‖w‖² with N training rows; -1: chosen from the data (" + Defaults.L2_RULE + ")");
        classWeights = make.numbers(
                "classWeights",
                "for each class by how much its rows count more; empty: 1 each",
                ParamSet::checkClassWeights);
        balanceClasses = make.flag(
                "balanceClasses",
                "whether all classes count the same: the rows of a class count by rows / (classes × rows of the class);"
                        + " instead of classWeights",
                false);
        tol = make.notNegative(
                "tol", "the training ends when an epoch changes its loss by less than this share of it; 0: never", 0);
        earlyStoppingPatience = make.whole(
                "earlyStoppingPatience",
                "epochs without a better earlyStoppingMetric that end the training; the best epoch's weights become the"
                        + " model; 0: never. The default has an effect only when there are validation rows",
                0,
                Defaults.PATIENCE);
        earlyStoppingMetric = make.usual(
                make.text("earlyStoppingMetric", "what early stopping watches: loss, accuracy …", Metrics::named),
                "loss");
        earlyStoppingMinChange = make.notNegative(
                "earlyStoppingMinChange", "by how much a value must be better to count for early stopping", 0);
        metrics = make.texts(
                "metrics",
                "what else is measured of the validation rows after each epoch",
                names -> Arrays.stream(names).forEach(Metrics::named));
        seed = make.seed("seed", "seed of the start values, the order of rows and dropout", 42);
        settings = make.text(
                "settings",
                "further settings of the training as JSON, as in {\"clipping\": {\"norm\": 1}}",
                TrainingSettings::checkFurther);
        aggregation = make.choice(
                "aggregation",
                "how the gradients of a step come together: job (a Spark job a step), resident (tasks that stay) or auto;"
                        + " the model is the same",
                "auto",
                "job",
                "resident");
        blockSize = make.whole("blockSize", "without effect: rows are scored one at a time", 1, 256);
    }

    private static void checkUnits(int[] units) {
        for (int count : units) {
            if (count < 1) {
                throw new IllegalArgumentException("a layer has at least 1 unit: " + Arrays.toString(units));
            }
        }
    }

    private static void checkLayers(int[] sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "at least the numbers of features and outputs are needed: " + Arrays.toString(sizes));
        }
        checkUnits(sizes);
    }

    private static void checkClassWeights(double[] weights) {
        for (double weight : weights) {
            if (!(weight > 0) || !Double.isFinite(weight)) {
                throw new IllegalArgumentException("weights are positive: " + Arrays.toString(weights));
            }
        }
    }
}
