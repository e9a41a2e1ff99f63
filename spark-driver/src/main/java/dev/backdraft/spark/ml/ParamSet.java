package dev.backdraft.spark.ml;

import dev.backdraft.activation.Activations;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Encoding;
import dev.backdraft.data.LabelScale;
import dev.backdraft.json.JsonText;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.ValueText;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.train.Defaults;
import dev.backdraft.train.Preset;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.checkpoint.CheckpointInterval;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
    final Param<String> columnKinds;
    final Param<String> columnEncoding;
    final Param<String> contributionsCol;
    final Param<String> embeddingCol;
    final IntParam embeddingLayer;
    final Param<String> weightCol;
    final Param<String> validationIndicatorCol;
    final DoubleParam validationFraction;
    final Param<String> handleInvalid;
    final BooleanParam standardize;
    final Param<String> labelScale;
    final Param<String> preset;
    final Param<String> initialModel;
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
    final Param<String> threshold;
    final DoubleParam tol;
    final IntParam earlyStoppingPatience;
    final Param<String> earlyStoppingMetric;
    final DoubleParam earlyStoppingMinChange;
    final BooleanParam refit;
    final StringArrayParam metrics;
    final LongParam seed;
    final Param<String> settings;
    final Param<String> aggregation;
    final Param<String> checkpointDir;
    final Param<String> checkpointInterval;

    /** Makes the parameters of a stage whose uid is settled, and sets their defaults. */
    ParamSet(Params owner) {
        ParamFactory make = new ParamFactory(owner);
        featuresCols = make.texts(
                "featuresCols",
                "columns of numbers, booleans and vectors that are the features, in this order; or of numbers, booleans, texts,"
                        + " dates, timestamps, vectors and arrays of numbers, with nulls, which are encoded; instead of"
                        + " featuresCol",
                columns -> {});
        columnKinds = make.usual(
                make.text(
                        "columnKinds",
                        "what columns of featuresCols hold, as in zip=category,opened=date: number, category or date; the kind of"
                                + " others is found out",
                        ColumnSettings::kinds),
                "");
        columnEncoding = make.usual(
                make.text(
                        "columnEncoding",
                        "how columns of featuresCols are encoded, as in scaling=standard,minFrequency=10; of numbers: scaling"
                                + " (robust, standard, quantile-normal, quantile-uniform), clip, missing (median, mean, constant),"
                                + " constant; of categories: minFrequency, maxCategories, oneHotLimit",
                        Encoding::of),
                "");
        contributionsCol = make.usual(
                make.column(
                        "contributionsCol",
                        "column for the contributions of the features to the raw prediction of the predicted class, or to the"
                                + " predicted number: a vector, by integrated gradients; empty: none"),
                "");
        embeddingCol = make.usual(
                make.column(
                        "embeddingCol",
                        "column for the outputs of a hidden layer, a vector that describes the row; empty: none"),
                "");
        embeddingLayer = make.whole(
                "embeddingLayer",
                "number of the layer whose outputs embeddingCol has, counted from 0 as in model().network(); -1: the last"
                        + " hidden layer, which is all that the layer of the outputs takes; -2: the narrowest hidden"
                        + " layer, the code of an autoencoder",
                Model.NARROWEST,
                Model.LAST_HIDDEN);
        weightCol = make.column(
                "weightCol",
                "column of row weights: a row of weight 2 counts as two rows; empty: every row has weight 1");
        validationIndicatorCol = make.column(
                "validationIndicatorCol",
                "boolean column: true for validation rows, which are measured after each epoch, false for"
                        + " training rows; rows with null are ignored");
        validationFraction = make.shareOrChosen(
                "validationFraction",
                Setting.VALIDATION_FRACTION.help() + ", without validationIndicatorCol; 0: none; -1: "
                        + chosen(Setting.VALIDATION_FRACTION));
        handleInvalid = make.choice(
                "handleInvalid",
                "what to do with rows that have a null, NaN or infinite value, or a label that is not on labelScale: error; skip"
                        + " (ignore them);"
                        + " keep (ignore them in a fit, predict NaN). Not set: error, but numbers of featuresCols may have gaps,"
                        + " and are encoded as a table then",
                "error",
                "skip",
                "keep");
        standardize = make.flag(
                "standardize", Setting.STANDARDIZE.help() + ". Not set: " + Setting.STANDARDIZE.defaultText(), true);
        labelScale = make.choice(
                Setting.LABEL_SCALE.key(),
                Setting.LABEL_SCALE.help() + "; " + Setting.LABEL_SCALE.valueText(),
                ValueText.names(LabelScale.class).toArray(String[]::new));
        preset = make.choice(
                "preset",
                Setting.PRESET.help()
                        + "; tabular; tabular-ensemble, the mean of two such networks; none; auto: tabular for"
                        + " featuresCols, from 1,000 rows on if all are numbers, from 200 on if not; else none",
                Stream.concat(Stream.of(NetworkShape.AUTO, NetworkShape.NONE), Preset.names().stream())
                        .toArray(String[]::new));
        initialModel = make.usual(
                make.text(
                        "initialModel",
                        "a model whose weights the fit starts from: a model file, or the directory of a saved model"
                                + " or of a run of the command line, on any file system that Hadoop knows; network,"
                                + " loss, encoding and scaling are those of the model; empty: random weights",
                        path -> {}),
                "");
        hiddenLayers = make.usual(
                make.integers("hiddenLayers", Setting.HIDDEN.help(), ParamSet::checkUnits),
                Defaults.HIDDEN.stream().mapToInt(Integer::intValue).toArray());
        layers = make.integers(
                "layers",
                "sizes of all layers, from the number of features to the number of classes or outputs;"
                        + " instead of hiddenLayers",
                ParamSet::checkLayers);
        activation = make.usual(
                make.text("activation", named(Setting.ACTIVATION), text -> new RecordJson(List.of(Activations.CATALOG))
                        .read(text, Activations.CATALOG)),
                Setting.ACTIVATION.defaultText());
        dropout = make.share("dropout", Setting.DROPOUT.help());
        network = make.text(
                "network",
                "the whole network as JSON, as in {\"layers\": [{\"type\": \"dense\", \"outputSize\": 10}]}; instead of"
                        + " hiddenLayers, activation and dropout",
                JsonText::read);
        loss = make.usual(make.text("loss", named(Setting.LOSS), TrainingJson::loss), Setting.LOSS.defaultText());
        maxIter = make.whole("maxIter", Setting.EPOCHS.help() + "; 0: " + chosen(Setting.EPOCHS), 0, 0);
        batchSize = make.whole(
                "batchSize",
                Setting.BATCH_SIZE.help() + "; 0: all rows; -1: " + chosen(Setting.BATCH_SIZE),
                ParamFactory.CHOSEN,
                ParamFactory.CHOSEN);
        lanes = make.whole("lanes", Setting.LANES.help() + "; 0: " + Setting.LANES.defaultText(), 0, 0);
        optimizer = configured(make, Setting.OPTIMIZER);
        stepSize =
                make.notNegative("stepSize", Setting.LEARNING_RATE.help() + "; 0: " + chosen(Setting.LEARNING_RATE), 0);
        schedule = configured(make, Setting.SCHEDULE);
        l1 = make.notNegative("l1", Setting.L1.help(), 0);
        l2 = make.notNegativeOrChosen("l2", Setting.L2.help() + "; -1: " + chosen(Setting.L2));
        classWeights = make.numbers(
                "classWeights",
                Setting.CLASS_WEIGHTS.help() + "; empty: " + Setting.CLASS_WEIGHTS.defaultText(),
                ParamSet::checkClassWeights);
        balanceClasses = make.flag(
                "balanceClasses",
                "whether all classes count the same: each row of a class counts as rows / (classes × rows of the class);"
                        + " instead of classWeights",
                false);
        threshold = make.usual(
                make.text(
                        Setting.THRESHOLD.key(),
                        Setting.THRESHOLD.help()
                                + "; as 0.3, f1, precision=0.9 or cost=5. thresholds, if set, decide instead",
                        text -> TrainingSettings.check(Setting.THRESHOLD.key(), text)),
                Double.toString(Model.USUAL_THRESHOLD));
        tol = make.notNegative(
                "tol",
                "training ends when the relative change of the loss from epoch to epoch is below this; 0: never",
                0);
        earlyStoppingPatience = make.whole(
                "earlyStoppingPatience",
                "number of epochs without a better earlyStoppingMetric after which training ends; the model"
                        + " has the weights of the best epoch; 0: never. Not set: 10 with validation rows, 16 with a preset",
                0,
                Defaults.PATIENCE);
        earlyStoppingMetric = make.usual(
                make.text(
                        "earlyStoppingMetric", "metric that early stopping watches: loss, accuracy …", Metrics::named),
                "loss");
        earlyStoppingMinChange =
                make.notNegative("earlyStoppingMinChange", "smallest improvement that counts for early stopping", 0);
        refit = make.flag(
                "refit",
                "whether a second training on all rows, for as many epochs as were best, makes the model, after early stopping."
                        + " Not set: only with a preset, without validationIndicatorCol",
                false);
        metrics = make.texts(
                "metrics", Setting.METRICS.help(), names -> Arrays.stream(names).forEach(Metrics::named));
        seed = make.seed("seed", Setting.SEED.help(), TrainingConfig.standard().seed());
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
        checkpointDir = make.usual(
                make.text(
                        "checkpointDir",
                        "directory for checkpoints of a fit, on any file system that Hadoop knows: a fit that failed continues"
                                + " from them, with the same bits, and removes them at its end; empty: none",
                        directory -> {}),
                "");
        checkpointInterval = make.usual(
                make.text(
                        "checkpointInterval",
                        "how often a checkpoint is written into checkpointDir: a number of epochs, steps or minutes, as in 5,"
                                + " 500 steps, 10 minutes",
                        CheckpointInterval::parse),
                "1");
    }

    /** What a default that is chosen from the data is. */
    private static String chosen(Setting setting) {
        return "chosen from the data (" + setting.defaultText() + ")";
    }

    /** What a setting is that has a name, and may have settings of its own. */
    private static String named(Setting setting) {
        return setting.help() + "; as name or name:key=value,…";
    }

    /** A parameter of the name of a setting of {@link TrainingConfig} that has a name itself. */
    private static Param<String> configured(ParamFactory make, Setting setting) {
        String key = setting.key();
        return make.usual(
                make.text(key, named(setting), text -> TrainingSettings.check(key, text)), setting.defaultText());
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
