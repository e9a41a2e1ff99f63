package dev.backdraft.spark.ml;

import dev.backdraft.activation.Activations;
import dev.backdraft.json.JsonText;
import dev.backdraft.json.RecordJson;
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

    /** Makes the parameters of a stage whose uid is settled, and sets their defaults. */
    ParamSet(Params owner) {
        ParamFactory make = new ParamFactory(owner);
        featuresCols = make.texts(
                "featuresCols",
                "columns of numbers, booleans and vectors that are the features, in this order; instead of featuresCol",
                columns -> {});
        weightCol = make.column(
                "weightCol",
                "column of row weights: a row of weight 2 counts as two rows; empty: every row has weight 1");
        validationIndicatorCol = make.column(
                "validationIndicatorCol",
                "boolean column: true for validation rows, which are measured after each epoch, false for"
                        + " training rows; rows with null are ignored");
        validationFraction = make.shareOrChosen(
                "validationFraction",
                "fraction of the rows used for validation, without validationIndicatorCol; 0: none; -1: chosen from the data ("
                        + Defaults.VALIDATION_RULE + ")");
        handleInvalid = make.choice(
                "handleInvalid",
                "what to do with rows that have a null, NaN or infinite value: error; skip (ignore them);"
                        + " keep (ignore them in a fit, predict NaN)",
                "error",
                "skip",
                "keep");
        standardize = make.flag(
                "standardize",
                "whether to scale features, and the labels of a regression, to mean 0 and standard deviation"
                        + " 1 over the training rows; the model keeps the scales. Not set: "
                        + Defaults.STANDARDIZE_RULE,
                true);
        hiddenLayers = make.usual(
                make.integers(
                        "hiddenLayers",
                        "number of units of each hidden layer; empty for a linear model",
                        ParamSet::checkUnits),
                Defaults.HIDDEN.stream().mapToInt(Integer::intValue).toArray());
        layers = make.integers(
                "layers",
                "sizes of all layers, from the number of features to the number of classes or outputs;"
                        + " instead of hiddenLayers",
                ParamSet::checkLayers);
        activation = make.usual(
                make.text(
                        "activation",
                        "activation function after each hidden layer, as name or name:key=value,…",
                        text -> new RecordJson(List.of(Activations.CATALOG)).read(text, Activations.CATALOG)),
                "relu");
        dropout = make.share("dropout", "fraction of each hidden layer's units that is dropped in a training step");
        network = make.text(
                "network",
                "the whole network as JSON, as in {\"layers\": [{\"type\": \"dense\", \"outputSize\": 10}]}; instead of"
                        + " hiddenLayers, activation and dropout",
                JsonText::read);
        loss = make.usual(
                make.text(
                        "loss",
                        "loss to minimize, as name or name:key=value,…; auto: cross-entropy for classes, squared"
                                + " error for numbers",
                        TrainingJson::loss),
                "auto");
        maxIter = make.whole(
                "maxIter",
                "number of epochs, that is, passes over the training rows; 0: chosen from the data ("
                        + Defaults.EPOCHS_RULE + ")",
                0,
                0);
        batchSize = make.whole(
                "batchSize",
                "rows per step; 0: all rows; -1: chosen from the data (" + Defaults.BATCH_SIZE_RULE + ")",
                ParamFactory.CHOSEN,
                ParamFactory.CHOSEN);
        lanes = make.whole(
                "lanes",
                "number of parts of a step that run in parallel, a divisor of batchSize; 0: chosen by the"
                        + " batch size",
                0,
                0);
        optimizer = make.usual(
                make.text(
                        "optimizer",
                        "optimizer, as name or name:key=value,…",
                        text -> TrainingSettings.check("optimizer", text)),
                "adam");
        stepSize = make.notNegative(
                "stepSize",
                "learning rate, to which the schedule applies; 0: chosen from the data (" + Defaults.LEARNING_RATE_RULE
                        + ")",
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
                "one number per class: a row of the class counts as that number of rows; empty: 1 each",
                ParamSet::checkClassWeights);
        balanceClasses = make.flag(
                "balanceClasses",
                "whether all classes count the same: each row of a class counts as rows / (classes × rows of the class);"
                        + " instead of classWeights",
                false);
        tol = make.notNegative(
                "tol",
                "training ends when the relative change of the loss from epoch to epoch is below this; 0: never",
                0);
        earlyStoppingPatience = make.whole(
                "earlyStoppingPatience",
                "number of epochs without a better earlyStoppingMetric after which training ends; the model"
                        + " has the weights of the best epoch; 0: never. The default applies only with validation rows",
                0,
                Defaults.PATIENCE);
        earlyStoppingMetric = make.usual(
                make.text(
                        "earlyStoppingMetric", "metric that early stopping watches: loss, accuracy …", Metrics::named),
                "loss");
        earlyStoppingMinChange =
                make.notNegative("earlyStoppingMinChange", "smallest improvement that counts for early stopping", 0);
        metrics = make.texts(
                "metrics",
                "additional metrics of the validation rows, measured after each epoch",
                names -> Arrays.stream(names).forEach(Metrics::named));
        seed = make.seed("seed", "seed of the initial weights, the order of rows, and dropout", 42);
        settings = make.text(
                "settings",
                "other training settings as JSON, as in {\"clipping\": {\"norm\": 1}}",
                TrainingSettings::checkFurther);
        aggregation = make.choice(
                "aggregation",
                "how gradients are computed: job (one Spark job per step), resident (resident workers) or"
                        + " auto; the model is the same",
                "auto",
                "job",
                "resident");
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
                    "give at least the number of features and the number of outputs: " + Arrays.toString(sizes));
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
