package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Encoding;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.file.CsvFormat;
import dev.backdraft.json.JsonText;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.ValueText;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.Schedule;
import dev.backdraft.schedule.Schedules;
import dev.backdraft.schedule.Warmup;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.checkpoint.CheckpointInterval;
import dev.backdraft.train.checkpoint.CheckpointPolicy;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a run as one JSON object: those of a configuration file, changed by the options that were given. Each key is
 * checked; {@link TrainingJson} defines the keys of a training.
 */
final class Settings {
    /** What {@code none} stands for on the command line: no such thing, whatever the file says. */
    static final String NONE = "none";

    /** What a run came to, which {@code config.json} holds and reading ignores. */
    static final String RUN = "run";

    private static final String AUTO = "auto";

    /** What the aggregation may be. */
    static final List<String> ROUTES = Stream.concat(
                    Stream.of(AUTO), Stream.of(StepPlan.Route.values()).map(StepPlan.Route::text))
            .toList();

    private static final String NETWORK = Setting.NETWORK.key();
    private static final String LOSS = Setting.LOSS.key();
    private static final String SCHEDULE = Setting.SCHEDULE.key();
    private static final String VALIDATION = "validation";
    private static final String FRACTION = Setting.VALIDATION_FRACTION.key();
    private static final String TEST = "test";
    private static final String ENCODING = "encoding";
    static final String INITIAL_MODEL = "initialModel";
    static final String INITIAL_MODEL_SHA256 = "initialModelSha256";
    private static final String CLASS_WEIGHTS = Setting.CLASS_WEIGHTS.key();
    static final String CHECKPOINT_EVERY = "checkpointEvery";
    static final String KEEP_CHECKPOINTS = "keepCheckpoints";
    static final String CHECKPOINT_FAILURE = "checkpointFailure";
    private static final List<String> OF_DATA = List.of(
            "data",
            "format",
            "labels",
            "label",
            "weight",
            "features",
            "ignore",
            "kinds",
            ENCODING,
            "invalid",
            "separator",
            "header",
            VALIDATION,
            "validationLabels",
            TEST,
            "testLabels",
            INITIAL_MODEL,
            INITIAL_MODEL_SHA256);
    private static final List<String> OF_RUNNING =
            List.of("master", "aggregation", CHECKPOINT_EVERY, KEEP_CHECKPOINTS, CHECKPOINT_FAILURE);
    private static final List<String> OF_TRAINING = TrainingDraft.keys();
    private static final List<String> MAY_BE_NONE = Stream.of(Setting.values())
            .filter(Setting::mayBeNull)
            .map(Setting::key)
            .toList();
    private static final RecordJson VALUES = new RecordJson(List.of(Schedules.CATALOG));

    private final ObjectNode json;
    private final String file; // of the configuration, or null

    private Settings(ObjectNode json, String file) {
        this.json = json;
        this.file = file;
    }

    /** Nothing set yet. */
    static Settings empty() {
        return new Settings(JsonNodeFactory.instance.objectNode(), null);
    }

    /** The settings of a configuration file, or none for null. */
    static Settings of(String file) throws IOException {
        return file == null ? empty() : parse(InputFiles.readText(file), file);
    }

    /** The settings of a text. */
    static Settings parse(String text, String name) {
        ObjectNode json = UsageException.check(name, () -> JsonText.read(text));
        List<String> known = keys();
        json.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key) && !key.equals(RUN)) {
                throw new UsageException(name + ": " + RecordJson.unknownKey(key, known));
            }
        });
        json.remove(RUN);
        return new Settings(json, name);
    }

    /** The keys that a configuration may have, in the order in which they are written. */
    static List<String> keys() {
        return Stream.of(OF_DATA, OF_TRAINING, OF_RUNNING)
                .flatMap(List::stream)
                .filter(key -> !key.equals(FRACTION))
                .toList();
    }

    /**
     * Sets what an option says.
     *
     * @param key or, of an object that is a key's value, {@code key.key}
     * @param value null when the option was not given
     */
    void put(String option, String key, Object value) {
        if (value == null) {
            return;
        }
        List<String> path = Arrays.asList(key.split("\\."));
        String first = path.get(0);
        ObjectNode owner = json;
        if (path.size() > 1) {
            JsonNode before = json.path(first);
            owner = before.isMissingNode()
                    ? JsonNodeFactory.instance.objectNode()
                    : UsageException.check(file, () -> RecordJson.settings(before, first));
            json.set(first, owner);
        }
        boolean none = MAY_BE_NONE.contains(key) && value.equals(NONE);
        JsonNode node = value instanceof JsonNode given ? given : VALUES.write(value);
        owner.set(path.get(path.size() - 1), none ? NullNode.getInstance() : node);
        check(option, first);
    }

    /** Sees at once whether an option's value can be used, so that a message names the option. */
    private void check(String option, String key) {
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        alone.set(key, json.get(key));
        if (key.equals(CLASS_WEIGHTS) && TrainingDraft.isBalanced(json.get(key))) {
            return;
        }
        if (key.equals(LOSS)) {
            UsageException.check(option, () -> TrainingJson.loss(json.get(key).textValue()));
        } else if (TrainingDraft.shapeKeys().contains(key)) {
            UsageException.check(option, () -> TrainingDraft.of(alone));
        } else if (OF_TRAINING.contains(key) && !key.equals(NETWORK) && !key.equals(Setting.STANDARDIZE.key())) {
            UsageException.check(option, () -> TrainingJson.config(alone, new TrainingConfig()));
        }
    }

    /** Sets the validation rows: a file, a share of the rows such as 0.2 or 20%, or none. */
    void putValidation(String fileOrShare) {
        putRows("--validation", VALIDATION, fileOrShare);
    }

    /** Sets the test rows: a file, a share of the rows such as 0.2 or 20%, or none. */
    void putTest(String fileOrShare) {
        putRows("--test", TEST, fileOrShare);
    }

    private void putRows(String option, String key, String fileOrShare) {
        if (fileOrShare == null) {
            return;
        }
        if (fileOrShare.equals(NONE)) {
            json.putNull(key);
            return;
        }
        OptionalDouble share = RowShare.parse(option, fileOrShare);
        if (share.isPresent()) {
            put(option, key, share.getAsDouble());
        } else {
            put(option, key, fileOrShare);
        }
    }

    /** Uses this share of the training rows for validation, unless that is set already; returns whether it does. */
    boolean putValidationIfAbsent(double share) {
        boolean absent = !json.has(VALIDATION);
        if (absent) {
            json.put(VALIDATION, share);
        }
        return absent;
    }

    /** Trains without validation rows. */
    void putNoValidation() {
        json.putNull(VALIDATION);
    }

    /**
     * Puts a warm-up of this number of steps before the schedule, or changes the length of an existing one; nothing for null.
     */
    void putWarmup(Long steps) {
        if (steps == null) {
            return;
        }
        if (steps < 1) {
            throw new UsageException("--warmup must be at least 1: " + steps);
        }
        JsonNode before = json.path(SCHEDULE);
        Schedule schedule = before.isMissingNode()
                ? new Constant()
                : UsageException.check(file, () -> VALUES.read(before, Schedules.CATALOG));
        Schedule behind = schedule instanceof Warmup warmup ? warmup.then() : schedule;
        json.set(SCHEDULE, VALUES.write(new Warmup(steps, behind)));
    }

    /** The rows to train on. */
    InputSpec data() {
        String data = text("data");
        if (data == null) {
            throw UsageException.ofMissingOption("no data: give --data FILE, or \"data\" in --config");
        }
        return inputSpec(data, text("labels"));
    }

    /** The rows to measure on, or null when there are none, or a share of the training rows. */
    InputSpec validation() {
        String data = json.path(VALIDATION).isNumber() ? null : text(VALIDATION);
        String itsLabels = text("validationLabels");
        if (data == null && itsLabels != null) {
            throw new UsageException("--validation-labels is for a file of --validation");
        }
        return inputSpec(data, itsLabels);
    }

    private InputSpec inputSpec(String data, String itsLabels) {
        return data == null
                ? null
                : new InputSpec(
                        data, format(), itsLabels, text("label"), text("weight"), csv(), columns(), skipInvalid());
    }

    private ColumnChoice columns() {
        return new ColumnChoice(text("features"), text("ignore"), null);
    }

    /** Whether rows with invalid values are skipped. */
    boolean skipInvalid() {
        return constant(
                        "invalid",
                        InvalidOption.Handling.values(),
                        InvalidOption.Handling::text,
                        InvalidOption.Handling.ERROR)
                == InvalidOption.Handling.SKIP;
    }

    /** Whether it is said what happens to rows with invalid values. */
    boolean saysInvalid() {
        return json.hasNonNull("invalid");
    }

    /** Kinds of columns and how they are encoded. */
    ColumnSettings table() {
        return ColumnSettings.STANDARD
                .withKinds(UsageException.check(
                        json.path("kinds").isTextual() ? "--kinds" : file, () -> ColumnSettings.kinds(text("kinds"))))
                .withEncoding(encoding());
    }

    private Encoding encoding() {
        return json.hasNonNull(ENCODING)
                ? UsageException.check(file, () -> Encoding.read(json.get(ENCODING)))
                : new Encoding();
    }

    /** Sets the encoding of columns that an option describes; null when it was not given. */
    void putEncoding(String encoding) {
        put("--encoding", ENCODING, encoding);
        if (encoding != null) {
            UsageException.check("--encoding", () -> Encoding.read(json.get(ENCODING)));
        }
    }

    /** Sets the model to start from, or none; another one may have other contents than the one of the file. */
    void putInitialModel(String fileOrDirectory) {
        if (fileOrDirectory == null) {
            return;
        }
        json.remove(INITIAL_MODEL_SHA256);
        if (fileOrDirectory.equals(NONE)) {
            json.putNull(INITIAL_MODEL);
        } else {
            put(InitialModelSetting.OPTION, INITIAL_MODEL, fileOrDirectory);
        }
    }

    /** The model to start from; null for none. */
    InitialModelSetting initialModel() {
        String name = text(INITIAL_MODEL);
        return name == null
                ? null
                : new InitialModelSetting(name, text(INITIAL_MODEL_SHA256), json.path(ENCODING), text("kinds"), file);
    }

    /** The file of test rows, or null when there is none, or a share of the rows. */
    InputSpec testFile() {
        String data = json.path(TEST).isNumber() ? null : text(TEST);
        String itsLabels = text("testLabels");
        if (data == null && itsLabels != null) {
            throw new UsageException("--test-labels goes with a file of --test");
        }
        return inputSpec(data, itsLabels);
    }

    /** The share of the rows that is kept for the test; 0 for none. */
    double testShare() {
        JsonNode value = json.path(TEST);
        double share = value.asDouble(0);
        if (value.isNumber() && !(share > 0 && share < 1)) {
            throw refusal(TEST, "a file, or a share of the rows above 0 and below 1");
        }
        return value.isNumber() ? share : 0;
    }

    /** The scale on which the label is learned. */
    LabelScale labelScale() {
        return constant(
                Setting.LABEL_SCALE.key(), LabelScale.values(), ValueText::text, new TrainingConfig().labelScale());
    }

    /** The seed of the training, which also draws the test rows. */
    long seed() {
        return json.path(Setting.SEED.key()).asLong(new TrainingConfig().seed());
    }

    private CsvFormat csv() {
        JsonNode header = json.path("header");
        if (!header.isMissingNode() && !header.isNull() && !header.isBoolean()) {
            throw refusal("header", "true or false");
        }
        return InputSpec.csv(text("separator"), header.isBoolean() ? header.booleanValue() : null);
    }

    private InputSpec.Format format() {
        return constant("format", InputSpec.Format.values(), InputSpec.Format::text, InputSpec.Format.AUTO);
    }

    /** Where gradients are to be computed; null for {@code auto}, where it suits the master. */
    StepPlan.Route route() {
        String name = constant("aggregation", ROUTES.toArray(String[]::new), Function.identity(), AUTO);
        return name.equals(AUTO) ? null : StepPlan.Route.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Spark's master, or null when none is set. */
    String master() {
        return text("master");
    }

    /** When checkpoints are written, and how many are kept. */
    CheckpointPolicy checkpoints() {
        JsonNode keep = json.path(KEEP_CHECKPOINTS);
        if (!keep.isMissingNode() && (!keep.isInt() || keep.intValue() < 1)) {
            throw refusal(KEEP_CHECKPOINTS, "a whole number, at least 1");
        }
        return new CheckpointPolicy(
                checkpointInterval(),
                keep.asInt(CheckpointPolicy.KEPT),
                constant(
                        CHECKPOINT_FAILURE,
                        CheckpointPolicy.OnFailure.values(),
                        value -> value.name().toLowerCase(Locale.ROOT),
                        CheckpointPolicy.OnFailure.STOP));
    }

    /** Null for no checkpoints. */
    private CheckpointInterval checkpointInterval() {
        JsonNode value = json.path(CHECKPOINT_EVERY);
        boolean isNone =
                value.isMissingNode() || value.isNull() || value.asText().equals("0");
        try {
            if (isNone || value.isInt() || value.isTextual()) {
                return isNone ? null : CheckpointInterval.parse(value.asText());
            }
        } catch (IllegalArgumentException e) {
            // as below
        }
        throw refusal(
                CHECKPOINT_EVERY,
                "a number of epochs, steps or minutes, such as 5, \"500 steps\" or \"10 minutes\", or 0 for no checkpoints");
    }

    boolean hasNetwork() {
        return json.has(NETWORK);
    }

    /** The inputs of the network, as far as it says how many there are; else 0. */
    int networkInputs() {
        return json.path(NETWORK).path("inputSize").asInt(0);
    }

    /** Forgets the network of the file. */
    void replaceNetwork() {
        json.remove(NETWORK);
        json.remove(TrainingDraft.shapeKeys());
    }

    /** What to train and how; settings may be missing. */
    TrainingDraft draft() {
        ObjectNode training = json.deepCopy();
        training.retain(OF_TRAINING);
        if (json.path(VALIDATION).isNumber()) {
            training.set(FRACTION, json.get(VALIDATION));
        } else if (json.path(VALIDATION).isNull()) {
            training.put(FRACTION, 0);
        }
        return UsageException.check(file, () -> TrainingDraft.of(training));
    }

    /**
     * What to train, and how, with the values of {@link TrainingConfig} for missing settings: enough to check the settings before
     * any row is read.
     *
     * @param inputSize number of features, where the network does not say it; 0 if unknown
     */
    TrainingRequest request(int inputSize) {
        ObjectNode training = json.deepCopy();
        training.retain(TrainingJson.keys());
        if (json.path(VALIDATION).isNumber()) {
            training.set(FRACTION, json.get(VALIDATION));
        }
        if (TrainingDraft.isBalanced(training.path(CLASS_WEIGHTS))) {
            training.remove(CLASS_WEIGHTS);
        }
        TrainingRequest request = UsageException.check(file, () -> TrainingJson.read(training, null, inputSize));
        checkLanes();
        return request;
    }

    /** Checks the settings of the training, apart from the network, before any row is read. */
    void checkTraining() {
        Settings some = new Settings(json.deepCopy(), file);
        some.replaceNetwork();
        some.json.remove(List.of( // these need the network, or what may be chosen yet
                Setting.LEARNING_RATE_FACTORS.key(),
                Setting.DROPOUT_SCHEDULE.key(),
                Setting.WEIGHT_DECAY_FACTORS.key(),
                Setting.WEIGHT_DECAY_SCHEDULE.key()));
        some.json.set(NETWORK, NetworkJson.write(Network.builder(1).dense(2).build()));
        some.request(1);
    }

    private void checkLanes() {
        int lanes = json.path(Setting.LANES.key()).asInt(BatchLayout.AUTO_LANES);
        int batch = json.path(Setting.BATCH_SIZE.key()).asInt(BatchLayout.FULL_BATCH);
        if (lanes != BatchLayout.AUTO_LANES && batch != BatchLayout.FULL_BATCH && batch % lanes != 0) {
            throw new UsageException("--lanes must divide --batch-size: " + lanes + " lanes, batch size " + batch);
        }
    }

    /** All settings that say where rows are; null for those that are not set. */
    ObjectNode onData() {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (String key : OF_DATA) {
            copy.set(key, json.has(key) ? json.get(key).deepCopy() : NullNode.getInstance());
        }
        if (json.hasNonNull(ENCODING)) {
            copy.set(ENCODING, encoding().write()); // all of it, in one form
        }
        return copy.put("format", format().text());
    }

    /** All settings that say where and how it runs, which change nothing of the result. */
    ObjectNode onRunning() {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.put("master", master());
        StepPlan.Route route = route();
        copy.put("aggregation", route == null ? AUTO : route.text());
        CheckpointPolicy checkpoints = checkpoints();
        CheckpointInterval every = checkpoints.interval();
        if (every == null || every.unit() == CheckpointInterval.Unit.EPOCHS) {
            copy.put(CHECKPOINT_EVERY, every == null ? 0 : (long) every.count());
        } else {
            copy.put(CHECKPOINT_EVERY, every.toString());
        }
        copy.put(KEEP_CHECKPOINTS, checkpoints.keep());
        return copy.put(CHECKPOINT_FAILURE, checkpoints.onFailure().name().toLowerCase(Locale.ROOT));
    }

    /** The number that a text is, or the text. */
    static Object number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            // perhaps a fraction
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private String text(String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw refusal(key, List.of(VALIDATION, TEST).contains(key) ? "a text or a number" : "a text");
        }
        return value.textValue();
    }

    private <E> E constant(String key, E[] values, Function<E, String> name, E usual) {
        String text = text(key);
        if (text == null) {
            return usual;
        }
        for (E value : values) {
            if (name.apply(value).equals(text)) {
                return value;
            }
        }
        throw refusal(key, Stream.of(values).map(name).collect(Collectors.joining(" or ")));
    }

    private UsageException refusal(String key, String expected) {
        return new UsageException(
                (file == null ? "" : file + ": ") + key + " is " + json.get(key) + ", but must be " + expected);
    }
}
