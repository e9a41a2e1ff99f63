package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a training does and how, as one line for people: the task, the network, and the settings that were said or chosen. */
public final class TaskLine {
    private TaskLine() {}

    /**
     * The line.
     *
     * @param training whose data has been read
     * @param request that it came of
     * @param ownValidation whether there are validation rows besides the training rows
     */
    public static String of(PreparedTraining training, TrainingRequest request, boolean ownValidation) {
        Fit fit = training.fit();
        TrainingConfig config = fit.config();
        List<String> parts = new ArrayList<>();
        parts.add("network " + network(fit.network()));
        parts.add(request.standardize() ? "standardized" : "features as they are");
        long steps = training.layout().stepsPerEpoch();
        long updates = config.epochs() * ((steps + config.accumulation() - 1) / config.accumulation());
        parts.add(format(
                "%s, learning rate %s, %,d epoch%s (%,d updates)",
                config.batchSize() >= fit.rows() || config.batchSize() == BatchLayout.FULL_BATCH
                        ? "all rows a step"
                        : "batch " + config.batchSize(),
                config.learningRate(),
                config.epochs(),
                config.epochs() == 1 ? "" : "s",
                updates));
        if (config.penalty().l2() > 0) {
            parts.add("L2 penalty " + config.penalty().l2());
        }
        parts.add(validation(fit, request, ownValidation));
        return "task: " + task(fit) + "; " + String.join("; ", parts);
    }

    private static String validation(Fit fit, TrainingRequest request, boolean ownValidation) {
        String stops = fit.config().earlyStopping() == null
                ? ""
                : format(
                        ", ends %d epochs after the best",
                        fit.config().earlyStopping().patience());
        if (ownValidation) {
            return "validation rows of their own" + stops;
        }
        if (request.validationFraction() > 0) {
            return format("%.3g %% of the rows for validation", 100 * request.validationFraction()) + stops;
        }
        return "no validation" + (fit.rows() < Defaults.ENOUGH_ROWS ? format(" (%,d rows are few)", fit.rows()) : "");
    }

    private static String task(Fit fit) {
        String label = fit.preprocessing().labelName() == null
                ? ""
                : " of '" + fit.preprocessing().labelName() + "'";
        Loss loss = fit.loss();
        int outputs = fit.network().outputSize();
        if (!loss.classifies()) {
            return outputs == 1 ? "regression" + label : format("regression of %d values", outputs);
        }
        if (loss.labelSize(outputs) > 1) {
            return format("%d questions or shares a row", loss.labelSize(outputs));
        }
        String kind = fit.preprocessing().classNames().isEmpty() ? " (numbers)" : " (names)";
        return loss.classCount(outputs) + " classes" + label + kind;
    }

    /** The sizes of a chain of dense layers, or all of another network. */
    private static String network(Network network) {
        StringBuilder sizes = new StringBuilder(Integer.toString(network.inputSize()));
        int width = network.inputSize();
        for (JsonNode layer : NetworkJson.write(network).path("layers")) {
            String type = layer.path("type").asText();
            if (type.equals("dense") && !layer.has("inputs")) {
                width = layer.path("outputSize").asInt();
                sizes.append('-').append(width);
            } else if (layer.has("inputs") || !(type.equals("activation") || type.equals("dropout"))) {
                return network.toString();
            }
        }
        return sizes.toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
