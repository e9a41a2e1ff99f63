package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnInput;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.LabelScale;
import dev.backdraft.json.Records;
import dev.backdraft.json.Require;
import dev.backdraft.json.ValueText;
import dev.backdraft.label.BalancedWeights;
import dev.backdraft.label.LabelRules;
import dev.backdraft.label.Outputs;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A training request in which settings may be missing. {@link #resolve} chooses the missing ones from the data, by the
 * rules of {@link Defaults} and {@link Outputs}. {@link #automatic} leaves everything open. Immutable.
 *
 * <p>The keys are those of {@link TrainingJson}. Instead of {@code network} there may be {@code hidden}, the units of
 * each hidden layer, with {@code activation} and {@code dropout} after each of them, and {@code initializer} of all
 * weights. A {@code preset} then makes other choices than {@link Defaults}. {@code classWeights} may be {@code
 * "balanced"}.
 */
public final class TrainingDraft {
    /** Bins of a number, at most, in the {@linkplain #withInputs inputs} of a table. */
    public static final int BINS = 256;

    /** Stands for the size of an autoencoder's code that is chosen: {@value #CODE_SIZE_RULE}. */
    public static final int CODE_SIZE_CHOSEN = 0;

    /** How the size of a code is chosen. */
    public static final String CODE_SIZE_RULE = "the square root of the number of inputs, rounded down, or half of the"
            + " narrowest hidden layer if that is less";

    static final String NETWORK = Setting.NETWORK.key();
    static final String PRESET = Setting.PRESET.key();
    static final String HIDDEN = Setting.HIDDEN.key();
    static final String ACTIVATION = Setting.ACTIVATION.key();
    static final String INITIALIZER = Setting.INITIALIZER.key();
    static final String DROPOUT = Setting.DROPOUT.key();
    static final String LOSS = Setting.LOSS.key();
    static final String LABEL_SCALE = Setting.LABEL_SCALE.key();
    static final String STANDARDIZE = Setting.STANDARDIZE.key();
    static final String VALIDATION = Setting.VALIDATION_FRACTION.key();
    static final String EPOCHS = Setting.EPOCHS.key();
    static final String BATCH_SIZE = Setting.BATCH_SIZE.key();
    static final String LEARNING_RATE = Setting.LEARNING_RATE.key();
    static final String PENALTY = Setting.L2.topKey();
    static final String EARLY_STOPPING = Setting.EARLY_STOPPING.key();
    static final String CLASS_WEIGHTS = Setting.CLASS_WEIGHTS.key();

    private static final int FEWEST_ROWS_OF_NUMBERS = 1000; // fewer numbers are learned as well by a plain network
    private static final List<String> SHAPE = List.of(PRESET, HIDDEN, ACTIVATION, INITIALIZER, DROPOUT);
    private static final List<String> OF_PLAIN_NETWORK =
            List.of(NETWORK, HIDDEN, ACTIVATION, INITIALIZER, DROPOUT, STANDARDIZE);
    private static final List<String> CHOSEN =
            List.of(NETWORK, STANDARDIZE, EPOCHS, BATCH_SIZE, LEARNING_RATE, PENALTY, EARLY_STOPPING);

    private final ObjectNode given;
    private final List<ColumnInput> inputs; // of a table; empty: any numbers
    private final int outputs; // of the network; 0: those that the labels ask for
    private final InitialModel initial; // whose weights are the start; null: they are drawn
    private final Integer code; // size of an autoencoder's code, 0 to be chosen; null: not an autoencoder

    private TrainingDraft(ObjectNode given, List<ColumnInput> inputs, int outputs, InitialModel initial, Integer code) {
        this.given = given;
        this.inputs = inputs;
        this.outputs = outputs;
        this.initial = initial;
        this.code = code;
    }

    /** Leaves every setting open. */
    public static TrainingDraft automatic() {
        return new TrainingDraft(JsonNodeFactory.instance.objectNode(), List.of(), 0, null, null);
    }

    /**
     * The draft that a JSON object describes.
     *
     * @param json with some of the {@link #keys}; read
     * @throws IllegalArgumentException when keys contradict each other
     */
    public static TrainingDraft of(ObjectNode json) {
        for (String key : SHAPE) {
            if (json.has(NETWORK) && json.has(key)) {
                throw new IllegalArgumentException(
                        key + " and network both describe the layers: leave out one of them");
            }
        }
        if (json.has(HIDDEN)) {
            checkHidden(json.get(HIDDEN));
        }
        Preset.of(json.path(PRESET));
        return new TrainingDraft(json.deepCopy(), List.of(), 0, null, null);
    }

    /**
     * This draft for the encoded rows of a table, for which the preset {@code tabular} chooses unless another one is
     * named, or null, or there are fewer than {@value TabularRules#ROWS_TO_STOP} rows.
     */
    public TrainingDraft withInputs(List<ColumnInput> newInputs) {
        return new TrainingDraft(given, List.copyOf(newInputs), outputs, initial, code);
    }

    /**
     * Whether columns of numbers should be encoded like those of other tables: a preset is named, or nothing that
     * describes a network without one, as an autoencoder is.
     */
    public boolean encodesNumbers() {
        if (isAutoencoder()) {
            return false;
        }
        return given.has(PRESET)
                ? Preset.of(given.path(PRESET)) != null
                : OF_PLAIN_NETWORK.stream().noneMatch(given::has);
    }

    /**
     * Whether a table should be encoded: not when all of it are numbers without gaps, unless a preset is named, or
     * there are {@value #FEWEST_ROWS_OF_NUMBERS} rows and the {@linkplain #encodesNumbers preset} chooses for them.
     *
     * @param encoded what its columns would become
     */
    public boolean encodes(List<ColumnInput> encoded, long rows) {
        return encoded.stream().anyMatch(input -> input.role() != ColumnInput.Role.NUMBER)
                || given.hasNonNull(PRESET)
                || (encodesNumbers() && rows >= FEWEST_ROWS_OF_NUMBERS);
    }

    /** This draft for a network of this many outputs, whatever labels are there. */
    public TrainingDraft withOutputs(int count) {
        return new TrainingDraft(given, inputs, count, initial, code);
    }

    /**
     * This draft for an autoencoder: a network that learns to reproduce its inputs through a narrow layer, the code.
     * The hidden layers come before the code and, in reverse, after it; the code has no activation. Rows have their
     * features as labels ({@link dev.backdraft.data.ExampleSource#labelledByFeatures}). Features are standardized as
     * those of a classifier are. The loss is the squared error unless another one is named.
     *
     * @param codeSize units of the code, fewer than there are inputs or units in any other hidden layer; {@link
     *     #CODE_SIZE_CHOSEN} to have it chosen, or for the given network
     * @throws IllegalArgumentException when the draft names a loss or a scale of labels that is not for an autoencoder
     */
    public TrainingDraft asAutoencoder(int codeSize) {
        Require.atLeast(0, "the size of the code", codeSize);
        if (initial == null) { // else they are the model's, which is checked with it
            Loss loss = loss(given);
            AutoencoderShape.check(loss == null ? new SquaredError() : loss, TrainingJson.labelScale(given));
        }
        return new TrainingDraft(given, inputs, outputs, initial, codeSize);
    }

    /** The number of inputs of the given network, or of that of the model to start from; 0 when it is open. */
    public int givenInputs() {
        return initial != null
                ? initial.model().network().inputSize()
                : given.path(NETWORK).path("inputSize").asInt();
    }

    /** Whether rows must have their features as labels. */
    public boolean isAutoencoder() {
        return code != null;
    }

    /** All keys that a draft may have. */
    public static List<String> keys() {
        return Setting.topKeys();
    }

    /** The keys that describe the hidden layers when there is no {@code network}. */
    public static List<String> shapeKeys() {
        return SHAPE;
    }

    /** Whether a value of {@code classWeights} asks for weights that are computed from the data. */
    public static boolean isBalanced(JsonNode classWeights) {
        return classWeights.isTextual() && classWeights.textValue().equals(BalancedWeights.NAME);
    }

    /** This draft with these numbers of units in the hidden layers; without any, the model is linear. */
    public TrainingDraft withHidden(int... units) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int count : units) {
            list.add(count);
        }
        return with(HIDDEN, list);
    }

    /** This draft with a seed. */
    public TrainingDraft withSeed(long seed) {
        return with(Setting.SEED.key(), JsonNodeFactory.instance.numberNode(seed));
    }

    /** This draft with the value of a key, as JSON has it. */
    public TrainingDraft with(String key, JsonNode value) {
        ObjectNode json = given.deepCopy();
        json.set(key, value);
        of(json); // checks it
        return new TrainingDraft(json, inputs, outputs, initial, code);
    }

    /** The model to start from; null when weights are drawn. */
    public InitialModel initial() {
        return initial;
    }

    /**
     * This draft for a training that starts from a model: network, loss, label scale and scaling are the model's.
     *
     * @throws IllegalArgumentException when this draft sets another value of one of them, naming both
     */
    public TrainingDraft withInitial(InitialModel newInitial) {
        Model model = newInitial.model();
        for (String key : SHAPE) {
            if (given.hasNonNull(key) && !(key.equals(PRESET) && Preset.of(given.get(key)) == null)) {
                throw new IllegalArgumentException(
                        key + " is " + given.get(key) + ", but the model to start from has a network of its own, "
                                + model.network() + ": leave out " + key);
            }
        }
        Network network = given.has(NETWORK)
                ? TrainingJson.network(given.get(NETWORK), model.network().inputSize())
                : model.network();
        Loss loss = given.has(LOSS) ? TrainingJson.loss(given.get(LOSS)) : null;
        LabelScale known = model.preprocessing().labelScale();
        LabelScale scale = given.has(LABEL_SCALE) ? TrainingJson.labelScale(given) : known;
        TrainingRules.checkInitial(model, network, loss == null ? model.loss() : loss, scale);
        boolean standardize = newInitial.isStandardized();
        if (newInitial.mayBeStandardized()
                && given.has(STANDARDIZE)
                && given.get(STANDARDIZE).asBoolean() != standardize) {
            throw new IllegalArgumentException(STANDARDIZE + " is " + given.get(STANDARDIZE)
                    + ", but the model to start from " + (standardize ? "scales" : "does not scale")
                    + " its rows, which stays as it is: leave out " + STANDARDIZE);
        }
        ObjectNode json = given.deepCopy();
        json.set(NETWORK, NetworkJson.write(model.network()));
        json.set(LOSS, TrainingJson.write(model.loss()));
        json.put(LABEL_SCALE, ValueText.text(known));
        json.put(STANDARDIZE, standardize);
        return new TrainingDraft(json, inputs, outputs, newInitial, code);
    }

    /** This draft for a given network and loss. */
    public TrainingDraft with(Network network, Loss loss) {
        return with(NETWORK, NetworkJson.write(network)).with(LOSS, TrainingJson.write(loss));
    }

    /**
     * Whether nothing has to be chosen from the data.
     *
     * @param ownValidation whether there are validation rows besides the training rows
     */
    public boolean isComplete(boolean ownValidation) {
        return CHOSEN.stream().allMatch(given::has)
                && (ownValidation || given.has(VALIDATION))
                && !isBalanced(given.path(CLASS_WEIGHTS));
    }

    /**
     * The request for some data, and what was chosen for it.
     *
     * @param data the training rows; may be null when this {@linkplain #isComplete is complete}
     * @param features of a row; 0 for as many as the widest row has
     * @param ownValidation whether there are validation rows besides the training rows
     * @throws IllegalArgumentException naming what is wrong and what would be right
     * @throws DataException when the data does not fit the draft, or the labels do not tell the number of outputs
     */
    public Resolved resolve(DataSummary data, int features, boolean ownValidation) {
        ObjectNode json = given.deepCopy();
        json.remove(SHAPE);
        if (isAutoencoder()) {
            checkAutoencoder(json);
        }
        if (isComplete(ownValidation)) {
            return new Resolved(started(TrainingJson.read(json, null, features)), List.of());
        }
        if (data.rows() == 0) {
            throw Fit.noRows(data.weightlessRows(), data.skipped());
        }
        int width = features > 0 ? features : data.width();
        Loss loss = loss(json);
        List<Chosen> chosen = new ArrayList<>();
        Preset preset = preset(data.rows());
        if (preset != null) {
            int count = outputs(data, loss);
            Loss used = loss != null ? loss : LabelRules.chooseLoss(data.labels(), count);
            new PresetChooser(preset, json, given, data, ownValidation, !inputs.isEmpty(), chosen)
                    .choose(inputs(width), count, used);
        } else if (isAutoencoder()) {
            chooseAutoencoder(json, width, data, chosen);
        } else if (!json.has(NETWORK)) {
            json.set(NETWORK, network(width, outputs(data, loss), loss));
            if (!inputs.isEmpty() && !given.has(PRESET)) {
                chosen.add(new Chosen(PRESET, "none", "fewer than " + TabularRules.ROWS_TO_STOP + " rows"));
            }
            if (!given.has(HIDDEN)) {
                chosen.add(new Chosen("hidden layers", text(Defaults.HIDDEN), "enough for most tables, and fast"));
            }
        }
        Network network = TrainingJson.network(json.get(NETWORK), width);
        Loss used = loss != null ? loss : LabelRules.chooseLoss(data.labels(), network.outputSize());
        if (isBalanced(given.path(CLASS_WEIGHTS))) {
            ArrayNode weights = json.putArray(CLASS_WEIGHTS);
            BalancedWeights.of(data, used, network.outputSize(), classNames()).forEach(weights::add);
        }
        new SettingsChooser(json, given, data, network, used, ownValidation, chosen).choose();
        return new Resolved(started(TrainingJson.read(json, null, width)), List.copyOf(chosen));
    }

    /** Refuses settings that are not for an autoencoder; the loss is added where none is named. */
    private void checkAutoencoder(ObjectNode json) {
        if (Preset.of(given.path(PRESET)) != null) {
            throw new IllegalArgumentException(
                    PRESET + " is " + given.get(PRESET) + ", but there is none for an autoencoder: leave it out");
        }
        if (json.has(NETWORK) && code > 0) {
            throw new IllegalArgumentException(
                    "the network and the size of the code are both given: leave out one of them");
        }
        if (!inputs.isEmpty() && given.path(STANDARDIZE).asBoolean()) {
            throw new IllegalArgumentException(STANDARDIZE
                    + " is true, but an autoencoder reproduces the columns of a table on the scale of their encoding:"
                    + " leave it out");
        }
        AutoencoderShape.checkInputs(inputs);
        if (loss(json) == null) {
            json.set(LOSS, TrainingJson.write(new SquaredError()));
        }
    }

    private void chooseAutoencoder(ObjectNode json, int width, DataSummary data, List<Chosen> chosen) {
        if (!json.has(NETWORK)) {
            AutoencoderShape shape = AutoencoderShape.of(width, hidden(), code);
            json.set(
                    NETWORK,
                    network(width, width, loss(json), shape.all(), shape.first().size()));
            if (!given.has(HIDDEN) || code == CODE_SIZE_CHOSEN) {
                chosen.add(new Chosen("hidden layers", text(shape.all()), "with a code of " + shape.code()));
            }
        }
        if (!json.has(STANDARDIZE)) {
            Defaults.Choice<Boolean> choice = inputs.isEmpty()
                    ? Defaults.standardize(data, true)
                    : new Defaults.Choice<>(false, "columns of a table have the scale of their encoding");
            json.put(STANDARDIZE, choice.value());
            chosen.add(new Chosen("standardize", choice.value() ? "yes" : "no", choice.reason()));
        }
    }

    /** Those of the model to start from; null without any. */
    private List<String> classNames() {
        return initial == null ? null : initial.model().preprocessing().classNames();
    }

    /** The request with the model to start from, if there is one. */
    private TrainingRequest started(TrainingRequest request) {
        if (isAutoencoder()) {
            if (initial != null && !initial.model().reconstructs()) {
                throw new IllegalArgumentException(
                        "the model to start from is not an autoencoder: choose another model");
            }
            AutoencoderShape.check(request.loss(), request.config().labelScale()); // they may have been set later
            AutoencoderShape.check(request.network());
        }
        return initial == null ? request : Records.with(request, "initial", initial);
    }

    /**
     * A draft without open settings.
     *
     * @param chosen the settings that were chosen from the data
     */
    public record Resolved(TrainingRequest request, List<Chosen> chosen) {}

    /** The loss that is named, or follows from the scale of the label; null when the labels are to choose. */
    private static Loss loss(ObjectNode json) {
        Loss named = json.has(LOSS) ? TrainingJson.loss(json.get(LOSS)) : null;
        return TrainingRules.loss(named, TrainingJson.labelScale(json));
    }

    /** The preset that is named; for a table that of tables, unless none is wanted, or rows are few. */
    private Preset preset(long rows) {
        if (inputs.isEmpty() || given.has(PRESET) || given.has(NETWORK) || isAutoencoder()) {
            return Preset.of(given.path(PRESET));
        }
        return rows < TabularRules.ROWS_TO_STOP ? null : Preset.TABULAR;
    }

    private int outputs(DataSummary data, Loss loss) {
        return outputs > 0 ? outputs : Outputs.of(data.labels(), data.rows(), loss);
    }

    /** What the features are: numbers, when nothing else is known. */
    private List<ColumnInput> inputs(int width) {
        if (inputs.isEmpty()) {
            return Collections.nCopies(width, new ColumnInput("", ColumnInput.Role.NUMBER, 0, List.of()));
        }
        if (inputs.size() != width) {
            throw new IllegalArgumentException(
                    "the rows have " + width + " features, but the draft is for " + inputs.size() + " inputs");
        }
        return inputs;
    }

    /** Dense layers between these ends, and what the loss needs after them. */
    private ObjectNode network(int inputCount, int outputCount, Loss loss) {
        return network(inputCount, outputCount, loss, hidden(), -1);
    }

    /** @param linear number of the hidden layer that has no activation; -1 for none */
    private ObjectNode network(int inputCount, int outputCount, Loss loss, List<Integer> hidden, int linear) {
        ObjectNode network = JsonNodeFactory.instance.objectNode().put("inputSize", inputCount);
        ArrayNode layers = network.putArray("layers");
        addEmbedding(layers);
        for (int i = 0; i < hidden.size(); i++) {
            addDense(layers, hidden.get(i));
            if (i == linear) {
                continue;
            }
            layers.add(given.has(ACTIVATION) ? given.get(ACTIVATION) : JsonNodeFactory.instance.textNode("relu"));
            if (given.path(DROPOUT).asDouble() > 0) {
                layers.addObject().put("type", DROPOUT).set("rate", given.get(DROPOUT));
            }
        }
        addDense(layers, outputCount);
        Outputs.ending(loss).ifPresent(layers::add);
        return network;
    }

    /** An embedding of the codes, when there are any. */
    private void addEmbedding(ArrayNode layers) {
        ArrayNode codes = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).role() == ColumnInput.Role.CODE) {
                codes.addObject()
                        .put("column", i)
                        .put("values", inputs.get(i).values())
                        .put("embeddingSize", 8);
            }
        }
        if (!codes.isEmpty()) {
            layers.addObject().put("type", "embedding").set("codes", codes);
        }
    }

    private void addDense(ArrayNode layers, int units) {
        ObjectNode dense = layers.addObject().put("type", "dense").put("outputSize", units);
        if (given.has(INITIALIZER)) {
            dense.set(INITIALIZER, given.get(INITIALIZER));
        }
    }

    private List<Integer> hidden() {
        if (!given.has(HIDDEN)) {
            return Defaults.HIDDEN;
        }
        List<Integer> units = new ArrayList<>();
        for (JsonNode count : given.get(HIDDEN)) {
            units.add(count.intValue());
        }
        return units;
    }

    /** Sizes of layers, for people. */
    static String text(List<Integer> sizes) {
        return String.join(", ", sizes.stream().map(String::valueOf).toList());
    }

    private static void checkHidden(JsonNode hidden) {
        boolean right = hidden.isArray();
        for (JsonNode count : hidden) {
            right &= count.isInt() && count.intValue() > 0;
        }
        if (!right) {
            throw new IllegalArgumentException(HIDDEN + " is " + hidden
                    + ", but must be a list of the units in each hidden layer, as in [64, 32], or [] for none");
        }
    }
}
