package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.LabelScale;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.ValueText;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.Schedules;
import java.util.ArrayList;
import java.util.List;

/**
 * What to train and how, as JSON for people and programs: the keys of {@link TrainingConfig}, and {@code network}, {@code loss}
 * ({@code "auto"}: by the labels), {@code standardize}, {@code validationFraction}. Missing keys have their defaults; unknown
 * keys are errors. {@code batchSize} may be {@code "full"}, {@code lanes} {@code "auto"}.
 */
public final class TrainingJson {
    private static final RecordJson RECORDS =
            new RecordJson(List.of(Losses.CATALOG, Optimizers.CATALOG, Schedules.CATALOG));
    private static final String NETWORK = Setting.NETWORK.key();
    private static final String LOSS = Setting.LOSS.key();
    private static final String AUTO = Setting.LOSS.word();
    private static final String STANDARDIZE = Setting.STANDARDIZE.key();
    private static final String VALIDATION = Setting.VALIDATION_FRACTION.key();
    private static final String LABEL_SCALE = Setting.LABEL_SCALE.key();
    private static final String BATCH_SIZE = Setting.BATCH_SIZE.key();
    private static final String LANES = Setting.LANES.key();
    private static final String THRESHOLD = Setting.THRESHOLD.key();
    private static final String OPTIMIZER = Setting.OPTIMIZER.key();

    private TrainingJson() {}

    /** The keys of a request, in the order in which they are written. */
    public static List<String> keys() {
        List<String> keys = new ArrayList<>(Setting.topKeys());
        keys.removeAll(TrainingDraft.shapeKeys());
        return List.copyOf(keys);
    }

    /** All of a request, nothing left out. */
    public static ObjectNode write(TrainingRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(NETWORK, NetworkJson.write(request.network()));
        json.set(LOSS, request.loss() == null ? JsonNodeFactory.instance.textNode(AUTO) : write(request.loss()));
        json.put(STANDARDIZE, request.standardize());
        json.put(VALIDATION, request.validationFraction());
        json.setAll(write(request.config()));
        return json;
    }

    /** All of a configuration, nothing left out. */
    public static ObjectNode write(TrainingConfig config) {
        ObjectNode json = (ObjectNode) RECORDS.write(config);
        if (config.batchSize() == BatchLayout.FULL_BATCH) {
            json.put(BATCH_SIZE, Setting.BATCH_SIZE.word());
        }
        if (config.lanes() == BatchLayout.AUTO_LANES) {
            json.put(LANES, Setting.LANES.word());
        }
        if (config.threshold() != null && !Threshold.needsRows(config)) {
            json.put(THRESHOLD, ThresholdRule.parse(config.threshold()).value());
        }
        return json;
    }

    /** A loss: its name, or an object when it has settings. */
    public static JsonNode write(Loss loss) {
        return RECORDS.write(loss);
    }

    /**
     * The request that a JSON object describes.
     *
     * @param json read
     * @param usual what is left out is as here, but {@code network} must be there when this is null
     * @param inputSize number of features, where the network does not say it; 0 if unknown
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public static TrainingRequest read(ObjectNode json, TrainingRequest usual, int inputSize) {
        ObjectNode training = json.deepCopy();
        JsonNode networkJson = training.remove(NETWORK);
        JsonNode lossJson = training.remove(LOSS);
        JsonNode standardize = training.remove(STANDARDIZE);
        JsonNode fraction = training.remove(VALIDATION);
        if (networkJson == null && usual == null) {
            throw new IllegalArgumentException("the network is missing: give it as \"network\": {\"layers\": […]}");
        }
        Network network = networkJson == null ? usual.network() : network(networkJson, inputSize);
        Loss loss = lossJson == null ? (usual == null ? null : usual.loss()) : loss(lossJson);
        TrainingConfig config = config(training, usual == null ? new TrainingConfig() : usual.config());
        return new TrainingRequest(
                network,
                loss,
                config,
                standardize == null ? usual != null && usual.standardize() : flag(standardize),
                fraction == null ? (usual == null ? 0 : usual.validationFraction()) : share(fraction));
    }

    /** The network of this key. */
    static Network network(JsonNode json, int inputSize) {
        try {
            return NetworkJson.read(json, inputSize);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("network: " + e.getMessage(), e);
        }
    }

    /** The loss of this key; null for {@code auto}. */
    static Loss loss(JsonNode json) {
        return json.isTextual() && json.textValue().equals(AUTO) ? null : RECORDS.read(json, Losses.CATALOG);
    }

    /** The scale of the label that a request has. */
    static LabelScale labelScale(ObjectNode request) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        JsonNode given = request.get(LABEL_SCALE);
        return given == null
                ? LabelScale.LINEAR
                : config(scale.set(LABEL_SCALE, given), new TrainingConfig()).labelScale();
    }

    /** The loss that a short text describes, as on a command line; null for {@code auto}. */
    public static Loss loss(String text) {
        return loss(JsonNodeFactory.instance.textNode(text));
    }

    /** The configuration that a JSON object describes; missing keys have their defaults. */
    public static TrainingConfig config(ObjectNode json, TrainingConfig usual) {
        ObjectNode plain = json.deepCopy();
        if (plain.path(BATCH_SIZE).asText().equals(Setting.BATCH_SIZE.word())) {
            plain.put(BATCH_SIZE, BatchLayout.FULL_BATCH);
        }
        if (plain.path(LANES).asText().equals(Setting.LANES.word())) {
            plain.put(LANES, BatchLayout.AUTO_LANES);
        }
        if (plain.path(THRESHOLD).isNumber()) {
            plain.put(THRESHOLD, plain.get(THRESHOLD).asText());
        }
        return RECORDS.readRecord(plain, usual, "");
    }

    /** A configuration that {@link #write} of an earlier version wrote, with the names that this version writes. */
    static ObjectNode present(ObjectNode config) {
        ObjectNode present = config.deepCopy();
        if (present.has(OPTIMIZER)) {
            present.set(OPTIMIZER, RECORDS.write(RECORDS.read(present.get(OPTIMIZER), Optimizers.CATALOG)));
        }
        String stopping = Setting.EARLY_STOPPING.key();
        if (present.path(stopping).isObject() && !present.get(stopping).has("refit")) {
            ((ObjectNode) present.get(stopping)).put("refit", false);
        }
        if (!present.has(Setting.ON_DIVERGENCE.key())) {
            present.set(Setting.ON_DIVERGENCE.key(), write(new TrainingConfig()).get(Setting.ON_DIVERGENCE.key()));
        }
        for (String key : List.of(THRESHOLD, Setting.LEARNING_RATE_FACTORS.key(), Setting.WEIGHT_DECAY_FACTORS.key())) {
            if (!present.has(key)) {
                present.putNull(key);
            }
        }
        if (!present.has(LABEL_SCALE)) {
            present.put(LABEL_SCALE, ValueText.text(LabelScale.LINEAR));
        }
        for (Setting schedule : List.of(Setting.WEIGHT_DECAY_SCHEDULE, Setting.DROPOUT_SCHEDULE)) {
            if (!present.has(schedule.key())) {
                present.put(schedule.key(), new Constant().name());
            }
        }
        return present;
    }

    private static boolean flag(JsonNode json) {
        if (!json.isBoolean()) {
            throw new IllegalArgumentException(STANDARDIZE + " is " + json + ", but must be true or false");
        }
        return json.booleanValue();
    }

    private static double share(JsonNode json) {
        if (!json.isNumber()) {
            throw new IllegalArgumentException(VALIDATION + " is " + json + ", but must be a number from 0 to below 1");
        }
        return json.doubleValue();
    }
}
