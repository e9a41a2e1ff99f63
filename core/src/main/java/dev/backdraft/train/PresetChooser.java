package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnInput;
import dev.backdraft.column.ColumnInput.Role;
import dev.backdraft.data.DataSummary;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.train.Defaults.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the network of a {@link Preset}, and adds those settings that it chooses otherwise than {@link
 * SettingsChooser}, which adds the rest. Used once.
 */
final class PresetChooser {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What people call settings whose keys are several words. */
    private static final Map<Setting, String> NAMES = Map.of(
            Setting.VALIDATION_FRACTION, "validation",
            Setting.EARLY_STOPPING, "early stopping",
            Setting.BATCH_SIZE, "batch size",
            Setting.LEARNING_RATE, "learning rate",
            Setting.WEIGHT_DECAY, "weight decay");

    private final Preset preset;
    private final ObjectNode json;
    private final ObjectNode given;
    private final DataSummary data;
    private final boolean ownValidation;
    private final List<Chosen> chosen;
    private final TabularRules rules;
    private final boolean encoded;

    /**
     * @param json added to
     * @param given the settings of the user; read
     * @param ownValidation whether there are validation rows besides the training rows
     * @param encoded whether the features are the encoded columns of a table
     * @param chosen what is chosen, and why; added to
     */
    PresetChooser(
            Preset preset,
            ObjectNode json,
            ObjectNode given,
            DataSummary data,
            boolean ownValidation,
            boolean encoded,
            List<Chosen> chosen) {
        this.preset = preset;
        this.json = json;
        this.given = given;
        this.data = data;
        this.ownValidation = ownValidation;
        this.chosen = chosen;
        this.encoded = encoded;
        rules = new TabularRules(preset.groups(), data.rows());
    }

    /**
     * Adds the choices.
     *
     * @param inputs what the features are
     * @param outputs that the labels ask for
     * @param loss that is given, or follows from the labels
     * @throws IllegalArgumentException when the preset is not for such a loss
     */
    void choose(List<ColumnInput> inputs, int outputs, Loss loss) {
        if (loss.outputRange() == OutputRange.PROBABILITY && loss.target().isOneOfMany()) {
            throw new IllegalArgumentException("the preset " + preset.text() + " does not end with a softmax, which "
                    + loss.name() + " needs: leave the loss out, or take softmax-cross-entropy");
        }
        TabularNetwork.Hidden hidden = hidden();
        describe(inputs, hidden);
        json.set(TrainingDraft.NETWORK, new TabularNetwork(inputs, rules).build(hidden, outputs, loss));
        ObjectNode withoutDecay = json.deepCopy();
        withoutDecay.remove(Setting.WEIGHT_DECAY_FACTORS.key()); // of the weight decay that is chosen below
        withoutDecay.remove(Setting.WEIGHT_DECAY_SCHEDULE.key());
        Optimizer optimizer =
                TrainingJson.read(withoutDecay, null, inputs.size()).config().optimizer();
        chooseScale(loss);
        boolean stopsEarly = choosesStopping();
        if (!optimizer.searchesLine()) {
            Choice<Integer> batch =
                    rules.batchSize(json.path(Setting.LANES.key()).asInt(1));
            choose(
                    Setting.BATCH_SIZE,
                    JSON.numberNode(batch.value()),
                    batch.value().toString(),
                    batch.reason());
            chooseDecay(optimizer);
            chooseAveraging();
        }
        Choice<Integer> epochs = rules.epochs(batch(), stopsEarly);
        choose(Setting.EPOCHS, JSON.numberNode(epochs.value()), epochs.value().toString(), epochs.reason());
        if (Defaults.isLikeAdam(optimizer)) {
            double rate = TabularRules.LEARNING_RATE;
            choose(Setting.LEARNING_RATE, JSON.numberNode(rate), Double.toString(rate), "for adam, as in TabM");
        }
    }

    /** Encoded columns are scaled already; the label of a regression never is. */
    private void chooseScale(Loss loss) {
        if (!encoded) {
            choose(Setting.STANDARDIZE, JSON.booleanNode(true), "yes", "features of different size learn alike");
        } else if (loss.target().isScalable()) {
            choose(Setting.STANDARDIZE, JSON.booleanNode(true), "label only", "the columns are scaled already");
        } else {
            choose(Setting.STANDARDIZE, JSON.booleanNode(false), "no", "the columns are scaled already");
        }
    }

    /** The hidden layers, as far as they are given. */
    private TabularNetwork.Hidden hidden() {
        List<Integer> units = new ArrayList<>();
        given.path(TrainingDraft.HIDDEN).forEach(count -> units.add(count.intValue()));
        JsonNode activation = given.path(TrainingDraft.ACTIVATION);
        return new TabularNetwork.Hidden(
                given.has(TrainingDraft.HIDDEN) ? units : TabularRules.HIDDEN,
                activation.isMissingNode() ? JSON.textNode("relu") : activation,
                given.path(TrainingDraft.DROPOUT).asDouble(TabularRules.DROPOUT),
                given.get(TrainingDraft.INITIALIZER));
    }

    /** Lists what the network is made of. */
    private void describe(List<ColumnInput> inputs, TabularNetwork.Hidden hidden) {
        String groups = rules.groups() == 1 ? "" : rules.groups() + " times ";
        note("members", groups + TabularRules.MEMBERS, "networks that share weights (TabM)");
        if (!given.has(TrainingDraft.HIDDEN)) {
            note("hidden layers", TrainingDraft.text(TabularRules.HIDDEN), "of each member");
        }
        if (!given.has(TrainingDraft.DROPOUT)) {
            note("dropout", Double.toString(hidden.dropout()), "limits memorizing");
        }
        int numbers = count(inputs, Role.NUMBER);
        int size = rules.embeddingOfNumbers(numbers);
        if (numbers > 0) {
            note(
                    "numbers",
                    size > 1 ? size + " units each" : "as they are",
                    size > 1 ? "let functions bend" : "they are many");
        }
        if (inputs.stream().anyMatch(input -> input.boundaries().size() > 1) && size > 1) {
            String reason = rules.groups() == 1 ? "√rows, from 16 to 256" : "in one group; periodic in the other";
            note("bins", rules.bins() + " at most", reason);
        }
        if (count(inputs, Role.CODE) > 0) {
            note("categories", TabularRules.CATEGORIES, "partly dropped where rows are few");
        }
    }

    private static int count(List<ColumnInput> inputs, Role role) {
        return (int) inputs.stream().filter(input -> input.role() == role).count();
    }

    /** Chooses validation rows and early stopping; says whether there is any. */
    private boolean choosesStopping() {
        if (!ownValidation) {
            Choice<Double> share = rules.validationFraction();
            String text = SettingsChooser.share(share.value());
            choose(Setting.VALIDATION_FRACTION, JSON.numberNode(share.value()), text, share.reason());
        }
        if (!ownValidation && json.path(TrainingDraft.VALIDATION).asDouble() == 0) {
            return json.hasNonNull(TrainingDraft.EARLY_STOPPING);
        }
        int patience = TabularRules.PATIENCE;
        ObjectNode stopping = JSON.objectNode().put("patience", patience);
        boolean refits = !ownValidation && !json.hasNonNull(Setting.REDUCE_ON_PLATEAU.key());
        boolean chooses = !json.has(TrainingDraft.EARLY_STOPPING);
        choose(
                Setting.EARLY_STOPPING,
                stopping.put("refit", refits),
                patience + " epochs",
                "without a better validation loss");
        if (chooses && refits) {
            note("refit", "on all rows", "for the best number of epochs");
        }
        return json.hasNonNull(TrainingDraft.EARLY_STOPPING);
    }

    /** Rows of a step. */
    private long batch() {
        return Math.min(data.rows(), json.path(TrainingDraft.BATCH_SIZE).asLong(data.rows()));
    }

    /** Weight decay takes the place of the penalty, unless there is another regularization. */
    private void chooseDecay(Optimizer optimizer) {
        if (json.has(TrainingDraft.PENALTY) || json.has(Setting.MAX_NORM.key()) || optimizer.weightDecay() > 0) {
            return;
        }
        double decay = TabularRules.WEIGHT_DECAY;
        choose(Setting.WEIGHT_DECAY, JSON.numberNode(decay), Double.toString(decay), "keeps weights small");
        json.putObject(TrainingDraft.PENALTY).put("l2", 0);
        note("L2 penalty", "0", "weight decay takes its place");
    }

    private void chooseAveraging() {
        Choice<Double> decay = rules.averaging(batch());
        ObjectNode averaging =
                JSON.objectNode().put("kind", "ema").put("decay", decay.value()).put("warmUp", true);
        choose(Setting.AVERAGING, averaging, "ema, decay " + decay.value(), decay.reason());
    }

    /** Sets and notes a setting that is still open. */
    private void choose(Setting setting, JsonNode value, String text, String reason) {
        if (!json.has(setting.key())) {
            json.set(setting.key(), value);
            note(NAMES.getOrDefault(setting, setting.key()), text, reason);
        }
    }

    private void note(String setting, String value, String reason) {
        chosen.add(new Chosen(setting, value, reason));
    }
}
