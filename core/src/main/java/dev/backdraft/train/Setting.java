package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.json.Require;
import dev.backdraft.json.ValueText;
import dev.backdraft.label.BalancedWeights;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of a training, in the order in which files have them. This is the only place that describes a setting:
 * JSON keys, options of the command line, parameters of {@code spark.ml} and the tables of the documentation take name,
 * values, default and help from here. The help is a phrase that holds wherever the setting is made.
 *
 * <p>Add a setting by a component of {@link TrainingConfig} and an entry here; {@code SettingTest} then names what is
 * missing.
 */
public enum Setting {
    NETWORK(
            "network",
            Group.NETWORK,
            "object",
            Range.ANY,
            null,
            "the layers of the network, instead of the next five settings",
            "made from the data and the next five settings"),
    PRESET(
            "preset",
            Group.NETWORK,
            String.join(", ", Preset.names()) + " or " + Preset.NONE,
            Range.ANY,
            null,
            "network and settings for tables with numbers and categories; another setting that is made wins",
            "tabular for named columns: from 1,000 rows on if all are numbers, from 200 on if not; else none"),
    HIDDEN(
            "hidden",
            Group.NETWORK,
            "list of whole numbers",
            Range.ANY,
            null,
            "units of each hidden layer; none for a linear model",
            Defaults.HIDDEN_RULE),
    ACTIVATION(
            "activation", Group.NETWORK, "activation", Range.ANY, null, "activation after each hidden layer", "relu"),
    INITIALIZER(
            "initializer",
            Group.NETWORK,
            "initializer",
            Range.ANY,
            null,
            "initializer of the weights",
            "depends on the activation"),
    DROPOUT(
            "dropout",
            Group.NETWORK,
            "number",
            Range.BELOW_ONE,
            null,
            "fraction of the units that is dropped after each hidden layer's activation in training",
            "0"),
    LOSS(
            "loss",
            Group.NETWORK,
            "loss",
            Range.ANY,
            "auto",
            "loss to minimize; auto chooses by the labels and the number of outputs",
            "auto"),
    STANDARDIZE(
            "standardize",
            Group.NETWORK,
            "true or false",
            Range.ANY,
            null,
            "whether to scale features, and the label of a regression, to mean 0 and standard deviation 1 over the training"
                    + " rows; the model keeps the scales",
            Defaults.STANDARDIZE_RULE),
    VALIDATION_FRACTION(
            "validationFraction",
            Group.MEASURING,
            "number",
            Range.BELOW_ONE,
            null,
            "fraction of the rows that is used for validation",
            Defaults.VALIDATION_RULE),
    LABEL_SCALE(
            "labelScale",
            Group.NETWORK,
            Range.ANY,
            "scale on which a regression learns its label: log for amounts above 0 whose differences are ratios, log1p (the"
                    + " logarithm of 1 + label) where some are 0; predictions are in the label's own unit"),
    EPOCHS("epochs", Group.SCHEDULE, Range.AT_LEAST_ONE, "passes over the training rows", Defaults.EPOCHS_RULE),
    BATCH_SIZE("batchSize", Group.TRAINING, Range.AT_LEAST_ONE, "full", "rows per step", Defaults.BATCH_SIZE_RULE),
    LANES(
            "lanes",
            Group.TRAINING,
            Range.AT_LEAST_ONE,
            "auto",
            "parts of a step that run in parallel, a divisor of the batch size. Their number changes the bits of the"
                    + " result, so it does not depend on the machine",
            "auto, which goes by the batch size"),
    SEED("seed", Group.TRAINING, Range.ANY, "seed of the initial weights, the order of rows, and dropout"),
    OPTIMIZER("optimizer", Group.TRAINING, Range.ANY, "rule that moves the weights along the gradient"),
    LEARNING_RATE(
            "learningRate",
            Group.SCHEDULE,
            Range.POSITIVE,
            "learning rate, to which the schedule applies",
            Defaults.LEARNING_RATE_RULE),
    LEARNING_RATE_FACTORS(
            "learningRateFactors",
            Group.SCHEDULE,
            "parts such as 0=0, 1-2=0.1 or bias=0.5, with commas between them",
            Range.ANY,
            null,
            "multiplies the learning rate of layers, numbered from 0 as inspect lists them, or of all tensors of a name, such"
                    + " as bias; 0 freezes them. Factors of a tensor that is named several times are multiplied",
            null),
    SCHEDULE("schedule", Group.SCHEDULE, Range.ANY, "how the learning rate changes"),
    SCHEDULE_UNIT(
            "scheduleUnit",
            Group.SCHEDULE,
            Range.ANY,
            "what the schedule counts: steps, which are updates of the weights, or epochs"),
    REDUCE_ON_PLATEAU(
            "reduceOnPlateau",
            Group.SCHEDULE,
            Range.ANY,
            "lower the learning rate when the validation loss (without validation rows, the training loss) stops improving"),
    BATCH_GROWTH("batchGrowth", Group.SCHEDULE, Range.ANY, "enlarge the batches from epoch to epoch"),
    ACCUMULATION(
            "accumulation",
            Group.TRAINING,
            Range.AT_LEAST_ONE,
            "number of steps whose gradients are added before an update"),
    CLIP_VALUE(
            "clipping.value",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "largest absolute value of an entry of the gradient; 0 for no limit"),
    CLIP_NORM(
            "clipping.norm",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "largest Euclidean norm of the gradient, to which larger ones are scaled down; 0 for no limit"),
    L1(
            "penalty.l1",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "L1 penalty λ: adds λ/N ‖w‖₁ to the mean loss, with N training rows and weights w"),
    L2(
            "penalty.l2",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "L2 penalty λ: adds λ/(2N) ‖w‖² to the mean loss, with N training rows and weights w. λ is divided by the"
                    + " rows: 10 adds 0.005 ‖w‖² with 1,000 rows, and less with more",
            Defaults.L2_RULE),
    WEIGHT_DECAY(
            "weightDecay",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "decoupled weight decay λ: w ← w − ηλw before each step of any optimizer"),
    WEIGHT_DECAY_FACTORS(
            "weightDecayFactors",
            Group.REGULARIZATION,
            "parts such as 0=0, 1-2=0.1 or weight=0.5, with commas between them",
            Range.ANY,
            null,
            "multiplies weight decay (the optimizer's own, too) and the L1 and L2 penalties of layers, numbered from 0"
                    + " as inspect lists them, or of all tensors of a name, such as weight. Factors of a tensor that is"
                    + " named several times are multiplied",
            null),
    WEIGHT_DECAY_SCHEDULE(
            "weightDecaySchedule",
            Group.REGULARIZATION,
            Range.ANY,
            "schedule of a factor from 0 to 1 by which weight decay is multiplied; it counts steps or epochs as that of the"
                    + " learning rate does"),
    DROPOUT_SCHEDULE(
            "dropoutSchedule",
            Group.REGULARIZATION,
            Range.ANY,
            "schedule of a factor from 0 to 1 by which the rates of dropout are multiplied; it counts steps or epochs as that"
                    + " of the learning rate does"),
    MAX_NORM(
            "maxNorm",
            Group.REGULARIZATION,
            Range.NOT_NEGATIVE,
            "largest Euclidean norm of the weights into a unit; 0 for no limit"),
    PENALIZE_BIASES(
            "penalizeBiases",
            Group.REGULARIZATION,
            Range.ANY,
            "whether penalties, weight decay and the largest norm apply to biases and scales, too"),
    AVERAGING(
            "averaging",
            Group.MEASURING,
            Range.ANY,
            "predict with an average of the weights, ema over steps or swa over epochs"),
    EARLY_STOPPING(
            "earlyStopping",
            Group.MEASURING,
            Range.ANY,
            "end training when a metric no longer improves, and keep the weights of the best epoch",
            Defaults.EARLY_STOPPING_RULE),
    METRICS("metrics", Group.MEASURING, Range.ANY, "metrics of the validation rows, measured after each epoch"),
    CALIBRATION(
            "calibration",
            Group.MEASURING,
            Range.ANY,
            "calibrate the probabilities after training: temperature divides all logits by the number for which the"
                    + " log-loss of the validation rows is least; isotonic puts the probabilities of two classes through the"
                    + " rising function that fits the validation rows best"),
    THRESHOLD(
            "threshold",
            Group.MEASURING,
            "number above 0 and below 1, f1, precision=P or cost=C",
            Range.ANY,
            null,
            "probability above which a model for two classes predicts class 1: a number, or chosen on the validation rows"
                    + " for the best F1, for the greatest recall with at least the precision P, or for the least cost, where"
                    + " a false negative costs C times a false positive",
            null),
    CLASS_WEIGHTS(
            "classWeights",
            Group.TRAINING,
            Range.POSITIVE,
            BalancedWeights.NAME,
            "one number per class, in the order of the classes: a row of the class counts as that number of rows",
            "1 each"),
    ON_DIVERGENCE(
            "onDivergence",
            Group.TRAINING,
            Range.ANY,
            "what happens when a loss or a gradient is not a finite number: stop, skip the update, or rollback to the end of the"
                    + " last epoch with half the learning rate, at most " + OnDivergence.MOST_ROLLBACKS + " times");

    private final String key;
    private final Group group;
    private final String type; // null for that of the component of TrainingConfig
    private final Range range;
    private final String word; // null for none
    private final String help;
    private final String defaultRule; // null for the default of TrainingConfig

    Setting(String key, Group group, Range range, String help) {
        this(key, group, null, range, null, help, null);
    }

    Setting(String key, Group group, Range range, String help, String defaultRule) {
        this(key, group, null, range, null, help, defaultRule);
    }

    Setting(String key, Group group, Range range, String word, String help, String defaultRule) {
        this(key, group, null, range, word, help, defaultRule);
    }

    Setting(String key, Group group, String type, Range range, String word, String help, String defaultRule) {
        this.key = key;
        this.group = group;
        this.type = type;
        this.range = range;
        this.word = word;
        this.help = help;
        this.defaultRule = defaultRule;
    }

    /** The keys of all settings in files, in their order there: for {@code penalty.l1}, it is {@code penalty}. */
    static List<String> topKeys() {
        return Stream.of(values()).map(Setting::topKey).distinct().toList();
    }

    /** The name in JSON; {@code penalty.l1} is the key {@code l1} of the object {@code penalty}. */
    public String key() {
        return key;
    }

    /** The settings that this one is shown with. */
    public Group group() {
        return group;
    }

    /** One or more sentences that say what it is, without a capital letter at the start and a period at the end. */
    public String help() {
        return help;
    }

    /** The word that may replace the number or the numbers, as {@code full} for the batch size; null for none. */
    public String word() {
        return word;
    }

    /** The default, or the rule by which it is chosen from the data. */
    public String defaultText() {
        return defaultRule == null ? text(configured()) : defaultRule;
    }

    /** The type and the range of the values in JSON, as in {@code whole number of 1 or more}. */
    public String valueText() {
        String text = (type == null ? ValueText.type(component()) : type) + range.text;
        String other = mayBeNull() ? "null" : word;
        return other == null ? text : text + ", or " + other;
    }

    /** Whether {@code null} is a value, which means none. */
    public boolean mayBeNull() {
        return configured().isNull();
    }

    /** Whether it is an object with settings of its own. */
    public boolean isObject() {
        return type == null && component() instanceof Class<?> raw && raw.isRecord();
    }

    /**
     * The settings of a setting that is an object, with their defaults, as people write them short: {@code metric=loss,
     * patience=10}.
     *
     * @throws IllegalStateException for another setting
     */
    public String settings() {
        return ValueText.settings(component());
    }

    /**
     * Checks a number: the value, or one of the values of a list.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    void check(double value) {
        switch (range) {
            case ANY -> {}
            case AT_LEAST_ONE -> Require.atLeast(1, key, (long) value);
            case POSITIVE -> Require.positive(key, value);
            case NOT_NEGATIVE -> Require.notNegative(key, value);
            case BELOW_ONE -> Require.fraction(key, value);
        }
    }

    /** This key, or that of the object that it is in. */
    String topKey() {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    private Type component() {
        Type found = TrainingConfig.class;
        for (String part : key.split("\\.", -1)) {
            found = Stream.of(((Class<?>) found).getRecordComponents())
                    .filter(component -> component.getName().equals(part))
                    .map(RecordComponent::getGenericType)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(key + " is not of TrainingConfig"));
        }
        return found;
    }

    /** The value in the standard configuration; missing for a setting that it does not have. */
    private JsonNode configured() {
        return TrainingJson.write(TrainingConfig.standard()).at("/" + key.replace('.', '/'));
    }

    private static String text(JsonNode value) {
        if (value.isNull() || value.isArray()) {
            return "none";
        }
        return value.isObject() ? value.path("type").asText() : ValueText.plain(value);
    }

    /** The numbers that a setting takes. */
    private enum Range {
        ANY(""),
        AT_LEAST_ONE(" of 1 or more"),
        POSITIVE(" above 0"),
        NOT_NEGATIVE(" of 0 or more"),
        BELOW_ONE(" from 0 to below 1");

        private final String text;

        Range(String text) {
            this.text = text;
        }
    }

    /** Settings that are shown together. */
    public enum Group {
        NETWORK("Network and loss"),
        TRAINING("Training"),
        SCHEDULE("Epochs and learning rate"),
        REGULARIZATION("Regularization"),
        MEASURING("Measuring, stopping, averaging");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** The heading. */
        public String title() {
            return title;
        }
    }
}
