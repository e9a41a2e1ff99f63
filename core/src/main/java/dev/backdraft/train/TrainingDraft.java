package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataLook;
import dev.backdraft.layer.Layer;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user asks for, as far as they have said it. What they have not is settled by {@link Defaults} and {@link Outputs} once the
 * data has been seen: {@code LocalTraining.train(TrainingDraft.automatic(), …)} needs no more. Immutable.
 *
 * <p>The keys are those of {@link TrainingJson}, and instead of {@code network}: {@code hidden}, the units of each hidden layer, and
 * behind each of them {@code activation} and {@code dropout}; {@code initializer} of all weights.
 */
public final class TrainingDraft {
    private static final String NETWORK = "network";
    private static final String HIDDEN = "hidden";
    private static final String ACTIVATION = "activation";
    private static final String INITIALIZER = "initializer";
    private static final String DROPOUT = "dropout";
    private static final List<String> SHAPE = List.of(HIDDEN, ACTIVATION, INITIALIZER, DROPOUT);
    private static final String LOSS = "loss";
    private static final String STANDARDIZE = "standardize";
    private static final String VALIDATION = "validationFraction";
    private static final String EPOCHS = "epochs";
    private static final String BATCH_SIZE = "batchSize";
    private static final String LEARNING_RATE = "learningRate";
    private static final String PENALTY = "penalty";
    private static final String EARLY_STOPPING = "earlyStopping";
    private static final List<String> AUTOMATIC =
            List.of(NETWORK, STANDARDIZE, EPOCHS, BATCH_SIZE, LEARNING_RATE, PENALTY, EARLY_STOPPING);
    private static final List<String> AGAINST_PENALTY =
            List.of(PENALTY, "weightDecay", "maxNorm", "optimizer", DROPOUT);

    private final ObjectNode said;

    private TrainingDraft(ObjectNode said) {
        this.said = said;
    }

    /** Nothing said: all goes by the data. */
    public static TrainingDraft automatic() {
        return new TrainingDraft(JsonNodeFactory.instance.objectNode());
    }

    /**
     * What this JSON says.
     *
     * @param json with some of the {@link #keys}; read
     * @throws IllegalArgumentException when keys contradict each other
     */
    public static TrainingDraft of(ObjectNode json) {
        for (String key : SHAPE) {
            if (json.has(NETWORK) && json.has(key)) {
                throw new IllegalArgumentException(key
                        + " is of a network that is made by the data, but there is a network: leave out one of them");
            }
        }
        if (json.has(HIDDEN)) {
            checkHidden(json.get(HIDDEN));
        }
        return new TrainingDraft(json.deepCopy());
    }

    /** All keys that can be said. */
    public static List<String> keys() {
        List<String> keys = new ArrayList<>(TrainingJson.keys());
        keys.addAll(1, SHAPE);
        return keys;
    }

    /** The keys that shape a network whose ends are made by the data. */
    public static List<String> shapeKeys() {
        return SHAPE;
    }

    /** This with so many units in each hidden layer; none for a linear model. */
    public TrainingDraft withHidden(int... units) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int count : units) {
            list.add(count);
        }
        return with(HIDDEN, list);
    }

    public TrainingDraft withSeed(long seed) {
        return with("seed", JsonNodeFactory.instance.numberNode(seed));
    }

    /** This with the value of a key, as JSON has it. */
    public TrainingDraft with(String key, JsonNode value) {
        ObjectNode json = said.deepCopy();
        json.set(key, value);
        return of(json);
    }

    /** This for a network and a loss that are made already. */
    public TrainingDraft with(Network network, Loss loss) {
        return with(NETWORK, NetworkJson.write(network)).with(LOSS, TrainingJson.write(loss));
    }

    /**
     * Whether nothing is left that depends on the data.
     *
     * @param ownValidation whether there are validation rows besides the training rows
     */
    public boolean isComplete(boolean ownValidation) {
        return AUTOMATIC.stream().allMatch(said::has) && (ownValidation || said.has(VALIDATION));
    }

    /**
     * The request that this becomes for some data.
     *
     * @param look at the training rows; may be null when this {@linkplain #isComplete is complete}
     * @param features of a row; 0 for as many as the widest row has
     * @param ownValidation whether there are validation rows besides the training rows
     * @throws IllegalArgumentException naming what is wrong and what would be right
     * @throws DataException when the labels do not say what the network is to be
     */
    public TrainingRequest settle(DataLook look, int features, boolean ownValidation) {
        ObjectNode all = said.deepCopy();
        all.remove(SHAPE);
        if (isComplete(ownValidation)) {
            return TrainingJson.read(all, null, features);
        }
        if (look.rows() == 0) {
            throw new DataException("no rows to train on");
        }
        int inputs = features > 0 ? features : look.width();
        Loss loss = all.has(LOSS) ? TrainingJson.loss(all.get(LOSS)) : null;
        if (!all.has(NETWORK)) {
            all.set(NETWORK, network(inputs, Outputs.of(look.labels(), look.rows(), loss)));
        }
        Network network = TrainingJson.network(all.get(NETWORK), inputs);
        Loss chosen = loss != null ? loss : LabelRules.chooseLoss(look.labels(), network.outputSize());
        boolean settled = ownValidation || all.has(VALIDATION);
        Defaults usual = Defaults.of(look, chosen.classifies(), widest(network), settled);
        fill(all, usual, inputs, look.rows(), ownValidation);
        return TrainingJson.read(all, null, inputs);
    }

    /** Dense layers as the options of the shape say, between these ends. */
    private ObjectNode network(int inputs, int outputs) {
        ObjectNode network = JsonNodeFactory.instance.objectNode().put("inputSize", inputs);
        ArrayNode layers = network.putArray("layers");
        for (int units : hidden()) {
            addDense(layers, units);
            layers.add(said.has(ACTIVATION) ? said.get(ACTIVATION) : JsonNodeFactory.instance.textNode("relu"));
            if (said.path(DROPOUT).asDouble() > 0) {
                layers.addObject().put("type", DROPOUT).set("rate", said.get(DROPOUT));
            }
        }
        addDense(layers, outputs);
        return network;
    }

    private void addDense(ArrayNode layers, int units) {
        ObjectNode dense = layers.addObject().put("type", "dense").put("outputSize", units);
        if (said.has(INITIALIZER)) {
            dense.set(INITIALIZER, said.get(INITIALIZER));
        }
    }

    private List<Integer> hidden() {
        if (!said.has(HIDDEN)) {
            return Defaults.HIDDEN;
        }
        List<Integer> units = new ArrayList<>();
        for (JsonNode count : said.get(HIDDEN)) {
            units.add(count.intValue());
        }
        return units;
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

    private static int widest(Network network) {
        int widest = network.inputSize();
        for (Layer layer : network.layers()) {
            widest = Math.max(widest, layer.outputSize());
        }
        return widest;
    }

    /** Puts what is not said. */
    private void fill(ObjectNode all, Defaults usual, int inputs, long rows, boolean ownValidation) {
        put(all, STANDARDIZE, JsonNodeFactory.instance.booleanNode(usual.standardize()));
        put(all, VALIDATION, JsonNodeFactory.instance.numberNode(usual.validationFraction()));
        double fraction = all.get(VALIDATION).asDouble();
        boolean measured = ownValidation || fraction > 0;
        if (measured && !all.has(EARLY_STOPPING)) {
            all.putObject(EARLY_STOPPING).put("patience", Defaults.PATIENCE);
        }
        boolean plain = AGAINST_PENALTY.stream().noneMatch(said::has);
        if (plain) {
            all.putObject(PENALTY).put("l2", usual.l2());
        }
        put(
                all,
                LEARNING_RATE,
                JsonNodeFactory.instance.numberNode(
                        said.has("optimizer") ? new TrainingConfig().learningRate() : usual.learningRate()));
        int lanes = Math.max(1, all.path("lanes").asInt(1));
        put(all, BATCH_SIZE, JsonNodeFactory.instance.numberNode((usual.batchSize() + lanes - 1) / lanes * lanes));
        TrainingConfig config = TrainingJson.read(all, null, inputs).config();
        long batch = (long) config.batchSize() * config.accumulation();
        long updates = (long) Math.ceil(rows * (1 - fraction) / batch);
        put(
                all,
                EPOCHS,
                JsonNodeFactory.instance.numberNode(
                        Defaults.epochs(updates, measured && config.earlyStopping() != null)));
    }

    private static void put(ObjectNode all, String key, JsonNode value) {
        if (!all.has(key)) {
            all.set(key, value);
        }
    }
}
