package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.column.Columns;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.LabelScaling;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Describes a training to people before it starts: the task, the network, and the settings that were chosen and why. */
public final class RunDescription {
    private static final int MOST_COLUMNS = 100; // that are described
    private static final int FEW = 12; // features that are named
    private static final int WIDTH = 80; // of a line
    private static final int DIGITS = 16; // of a hash
    private static final int SMALL_BATCH = 8; // below this, a note says so
    private static final Set<String> WITHOUT_SIZE = Set.of("activation", "dropout", "softmax");

    private RunDescription() {}

    /**
     * The description, one line each, of at most 80 columns unless names or networks are long.
     *
     * @param fit the training, whose rows have been scanned
     * @param chosen the settings that were chosen from the data
     */
    public static List<String> of(Fit fit, List<Chosen> chosen) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "data: %,d training row%s, %s, %s", fit.rows(), fit.rows() == 1 ? "" : "s", features(fit), task(fit)));
        String features = "features: " + String.join(", ", fit.preprocessing().featureNames());
        int count = fit.preprocessing().featureNames().size();
        if (fit.preprocessing().columns() instanceof Columns columns) {
            addColumns(columns, lines);
        } else if (count > 0 && count <= FEW && features.length() <= WIDTH) {
            lines.add(features);
        }
        LabelScaling scaling = fit.preprocessing().labelScaling();
        lines.add(format(
                "network: %s, loss %s%s",
                network(fit.network()), fit.loss().name(), scaling.isNone() ? "" : " of " + scaling.description()));
        if (fit.initial() != null) {
            lines.add("initial weights: those of the model with the SHA-256 "
                    + fit.initial().sha256().substring(0, DIGITS) + "…");
        }
        if (fit.config().calibration() == Calibration.TEMPERATURE) {
            lines.add("calibration: temperature, found on the validation rows after the last epoch");
        }
        if (fit.config().calibration() == Calibration.ISOTONIC) {
            lines.add("calibration: isotonic, found on the validation rows after the last epoch");
        }
        if (Threshold.needsRows(fit.config())) {
            lines.add("threshold: " + fit.config().threshold()
                    + ", chosen on the validation rows after the last epoch; until then, 0.5 decides");
        }
        noteOnBatches(fit).ifPresent(lines::add);
        if (chosen.isEmpty()) {
            return lines;
        }
        lines.add("chosen from the data, because you did not set them:");
        int settings =
                chosen.stream().mapToInt(one -> one.setting().length()).max().orElse(0);
        int values = chosen.stream().mapToInt(one -> one.value().length()).max().orElse(0);
        for (Chosen one : chosen) {
            lines.add(format("  %-" + settings + "s  %-" + values + "s  %s", one.setting(), one.value(), one.reason()));
        }
        return lines;
    }

    /** What the user may not expect of the size of the batches; it is never chosen like this. */
    private static Optional<String> noteOnBatches(Fit fit) {
        int batch = fit.config().batchSize();
        if (batch == BatchLayout.FULL_BATCH || fit.config().optimizer().searchesLine()) {
            return Optional.empty();
        }
        if (batch > fit.rows()) {
            return Optional.of(format(
                    "note: a batch of %,d rows exceeds the %,d training rows: 1 step per epoch", batch, fit.rows()));
        }
        if (batch < SMALL_BATCH && fit.rows() >= Defaults.SMALLEST_BATCH) {
            return Optional.of(format(
                    "note: batches of %s give noisy gradients and slow epochs: try %d or more",
                    counted(batch, "row"), Defaults.SMALLEST_BATCH));
        }
        return Optional.empty();
    }

    private static String features(Fit fit) {
        int inputs = fit.network().inputSize();
        return fit.preprocessing().columns() == null
                ? counted(inputs, "feature")
                : counted(fit.preprocessing().featureNames().size(), "column") + " encoded as "
                        + counted(inputs, "feature");
    }

    private static void addColumns(Columns columns, List<String> lines) {
        List<String> names = columns.columns();
        if (names.size() > MOST_COLUMNS) {
            return;
        }
        lines.add("columns:");
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        List<String> descriptions = columns.describe();
        for (int i = 0; i < names.size(); i++) {
            lines.add(format("  %-" + width + "s  %s", names.get(i), descriptions.get(i)));
        }
    }

    private static String task(Fit fit) {
        String column = fit.preprocessing().labelName() == null
                ? ""
                : " in '" + fit.preprocessing().labelName() + "'";
        Loss loss = fit.loss();
        int outputs = fit.network().outputSize();
        if (!loss.target().classifies()) {
            return counted(loss.labelCount(outputs), "number") + " to predict" + column;
        }
        if (loss.labelCount(outputs) > 1) {
            return counted(loss.labelCount(outputs), "label") + " per row";
        }
        return loss.target().classCount(outputs) + " classes" + column;
    }

    private static String counted(int count, String what) {
        return format("%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    /** The sizes of a chain of dense layers, or all of another network. */
    private static String network(Network network) {
        StringBuilder sizes = new StringBuilder(Integer.toString(network.inputSize()));
        for (JsonNode layer : NetworkJson.write(network).path("layers")) {
            String type = layer.path("type").asText();
            if (type.equals("dense") && !layer.has("inputs")) {
                sizes.append('-').append(layer.path("outputSize").asInt());
            } else if (layer.has("inputs") || !WITHOUT_SIZE.contains(type)) {
                return network.toString();
            }
        }
        return sizes.append(format(", %,d parameters", network.parameterCount()))
                .toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
