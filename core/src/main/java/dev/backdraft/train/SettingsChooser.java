package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataSummary;
import dev.backdraft.layer.Layer;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** Adds the missing settings to the JSON of a training, once its network is known. Used once. */
final class SettingsChooser {
    private static final List<String> REGULARIZATION = List.of("weightDecay", "maxNorm", TrainingDraft.DROPOUT);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode json;
    private final ObjectNode given;
    private final DataSummary data;
    private final Network network;
    private final Loss loss;
    private final boolean ownValidation;
    private final List<Chosen> chosen;

    /**
     * @param json added to
     * @param given the settings of the user; read
     * @param chosen what is chosen, and why; added to
     */
    SettingsChooser(
            ObjectNode json,
            ObjectNode given,
            DataSummary data,
            Network network,
            Loss loss,
            boolean ownValidation,
            List<Chosen> chosen) {
        this.json = json;
        this.given = given;
        this.data = data;
        this.network = network;
        this.loss = loss;
        this.ownValidation = ownValidation;
        this.chosen = chosen;
    }

    void choose() {
        Optimizer optimizer = config().optimizer();
        if (!json.has(TrainingDraft.STANDARDIZE)) {
            Defaults.Choice<Boolean> choice =
                    Defaults.standardize(data, loss.target().classifies());
            put(TrainingDraft.STANDARDIZE, JSON.booleanNode(choice.value()));
            note("standardize", choice.value() ? "yes" : "no", choice);
        }
        chooseValidation();
        chooseBatchSize(optimizer);
        if (!json.has(TrainingDraft.LEARNING_RATE)) {
            Defaults.Choice<Double> choice = Defaults.learningRate(optimizer, widest());
            put(TrainingDraft.LEARNING_RATE, JSON.numberNode(choice.value()));
            note("learning rate", number(choice.value()), choice);
        }
        choosePenalty();
        chooseEpochs();
    }

    private void chooseValidation() {
        if (!json.has(TrainingDraft.VALIDATION)) {
            if (ownValidation) {
                put(TrainingDraft.VALIDATION, JSON.numberNode(0.0));
            } else {
                Defaults.Choice<Double> choice = Defaults.validationFraction(data.rows());
                put(TrainingDraft.VALIDATION, JSON.numberNode(choice.value()));
                note("validation", share(choice.value()), choice);
            }
        }
        if (isMeasured() && !json.has(TrainingDraft.EARLY_STOPPING)) {
            json.putObject(TrainingDraft.EARLY_STOPPING).put("patience", Defaults.PATIENCE);
            chosen.add(new Chosen("early stopping", Defaults.PATIENCE + " epochs", "without a better validation loss"));
        }
    }

    private boolean isMeasured() {
        return ownValidation || json.path(TrainingDraft.VALIDATION).asDouble() > 0;
    }

    private void chooseBatchSize(Optimizer optimizer) {
        if (json.has(TrainingDraft.BATCH_SIZE)) {
            return;
        }
        Defaults.Choice<Integer> choice = Defaults.batchSize(data.rows(), optimizer);
        int lanes = Math.max(1, json.path("lanes").asInt(1));
        boolean full = choice.value() == BatchLayout.FULL_BATCH;
        int size = full ? choice.value() : (choice.value() + lanes - 1) / lanes * lanes;
        put(TrainingDraft.BATCH_SIZE, JSON.numberNode(size));
        note("batch size", full ? "all rows" : Integer.toString(size), choice);
    }

    private void choosePenalty() {
        if (json.has(TrainingDraft.PENALTY)) {
            return;
        }
        boolean other = REGULARIZATION.stream().anyMatch(given::has) || network.isRandom();
        boolean linear = network.layers().size() == 1;
        Defaults.Choice<Double> choice = Defaults.l2(data.rows(), linear, other);
        json.putObject(TrainingDraft.PENALTY).put("l2", choice.value());
        note("L2 penalty", number(choice.value()), choice);
    }

    private void chooseEpochs() {
        if (json.has(TrainingDraft.EPOCHS)) {
            return;
        }
        TrainingConfig config = config();
        double fraction = json.path(TrainingDraft.VALIDATION).asDouble();
        long batch = (long) config.batchSize() * config.accumulation();
        long updates = (long) Math.ceil(data.rows() * (1 - fraction) / batch);
        Defaults.Choice<Integer> choice = Defaults.epochs(updates, isMeasured() && config.earlyStopping() != null);
        put(TrainingDraft.EPOCHS, JSON.numberNode(choice.value()));
        note("epochs", Integer.toString(choice.value()), choice);
    }

    private TrainingConfig config() {
        return TrainingJson.read(json, null, network.inputSize()).config();
    }

    private int widest() {
        int widest = network.inputSize();
        for (Layer layer : network.layers()) {
            widest = Math.max(widest, layer.outputSize());
        }
        return widest;
    }

    private void put(String key, JsonNode value) {
        json.set(key, value);
    }

    private void note(String setting, String value, Defaults.Choice<?> choice) {
        chosen.add(new Chosen(setting, value, choice.reason()));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** A share of the rows, for people. */
    static String share(double share) {
        if (share == 0) {
            return "none";
        }
        BigDecimal percent = BigDecimal.valueOf(100 * share).round(new MathContext(3));
        return percent.stripTrailingZeros().toPlainString() + "% of the rows";
    }
}
