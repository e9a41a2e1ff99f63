package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.activation.Activations;
import dev.backdraft.initializer.Initializers;
import dev.backdraft.json.Catalog;
import dev.backdraft.json.RecordJson;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The network and what it minimizes. {@code --layers} makes a multilayer perceptron, and so does {@code --hidden}, which leaves the
 * numbers of features and outputs to the data. A configuration can hold any network.
 */
final class NetworkOptions {
    @Option(
            names = "--layers",
            paramLabel = "N,N[,N…]",
            description =
                    "A multilayer perceptron: features, units of each hidden layer, outputs; as in 784,128,10. Replaces the"
                            + " network of --config. Not needed: the data gives the numbers of features and outputs.")
    private String layers;

    @Option(names = "--preset", paramLabel = "NAME", description = "${bundle:setting.preset}.")
    private String preset;

    @Option(
            names = "--hidden",
            paramLabel = "N[,N…]|none",
            description =
                    "${bundle:setting.hidden}. The data gives the numbers of features and outputs. Replaces the network of --config.")
    private String hidden;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            completionCandidates = Names.Activations.class,
            description = "${bundle:setting.activation}, with --layers or --hidden: ${COMPLETION-CANDIDATES}.")
    private String activation;

    @Option(
            names = "--initializer",
            paramLabel = "NAME",
            completionCandidates = Names.Initializers.class,
            description = "${bundle:setting.initializer}, with --layers or --hidden: ${COMPLETION-CANDIDATES}.")
    private String initializer;

    @Option(names = "--dropout", paramLabel = "RATE", description = "${bundle:setting.dropout}.")
    private Double dropout;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            completionCandidates = Names.Losses.class,
            description = "${bundle:setting.loss}: ${COMPLETION-CANDIDATES}.")
    private String loss;

    @Option(names = "--label-scale", paramLabel = "linear|log|log1p", description = "${bundle:setting.labelScale}.")
    private String labelScale;

    @Option(
            names = "--initial-model",
            paramLabel = "FILE|DIR",
            description = "Start from the weights of this model, not from random ones: a model.backdraft file, or the"
                    + " directory of a run or of a saved spark.ml model. Network, loss, columns, encoding, scaling"
                    + " and classes are the model's (default: none).")
    private String initialModel;

    @Option(names = "--standardize", negatable = true, description = "${bundle:setting.standardize}.")
    private Boolean standardize;

    void putInto(Settings settings) {
        if (layers != null) {
            if (hidden != null || preset != null) {
                throw new UsageException((hidden != null ? "--hidden" : "--preset")
                        + " and --layers both describe the hidden layers: leave out one of them");
            }
            settings.replaceNetwork();
            settings.put("--layers", "network", network());
        } else {
            if (hidden != null || preset != null) {
                settings.replaceNetwork();
                settings.put("--preset", "preset", preset);
                settings.put("--hidden", "hidden", hidden == null ? null : hiddenUnits());
            } else if (settings.hasNetwork() && (activation != null || initializer != null || dropout != null)) {
                String option =
                        activation != null ? "--activation" : initializer != null ? "--initializer" : "--dropout";
                throw new UsageException(
                        option + " goes with --layers or --hidden: the network of --config says its own");
            }
            putShape(settings);
        }
        settings.put("--loss", "loss", loss);
        settings.put("--label-scale", "labelScale", labelScale);
        settings.put("--standardize", "standardize", standardize);
        settings.putInitialModel(initialModel);
    }

    private void putShape(Settings settings) {
        if (activation != null) {
            check("--activation", activation, Activations.CATALOG);
        }
        if (initializer != null) {
            check("--initializer", initializer, Initializers.CATALOG);
        }
        settings.put("--activation", "activation", activation);
        settings.put("--initializer", "initializer", initializer);
        settings.put("--dropout", "dropout", dropout);
    }

    private ArrayNode hiddenUnits() {
        ArrayNode units = JsonNodeFactory.instance.arrayNode();
        if (!hidden.equals(Settings.NONE)) {
            for (int count : sizes("--hidden", hidden, "64,32")) {
                units.add(count);
            }
        }
        return units;
    }

    private ObjectNode network() {
        int[] sizes = sizes("--layers", layers, "40,100,10");
        if (sizes.length < 2) {
            throw new UsageException("--layers: a network needs at least the numbers of its features and its outputs,"
                    + " as in 40,10, not " + layers);
        }
        if (initializer != null) {
            check("--initializer", initializer, Initializers.CATALOG);
        }
        String function = activation == null ? "relu" : activation;
        check("--activation", function, Activations.CATALOG);
        ObjectNode network = JsonNodeFactory.instance.objectNode();
        network.put("inputSize", sizes[0]);
        ArrayNode list = network.putArray("layers");
        for (int i = 1; i < sizes.length; i++) {
            ObjectNode dense = list.addObject().put("type", "dense").put("outputSize", sizes[i]);
            if (initializer != null) {
                dense.put("initializer", initializer);
            }
            if (i < sizes.length - 1) {
                list.add(function);
                if (dropout != null && dropout != 0) {
                    list.addObject().put("type", "dropout").put("rate", dropout);
                }
            }
        }
        return network;
    }

    private static int[] sizes(String option, String text, String example) {
        try {
            return Arrays.stream(text.split(",", -1))
                    .mapToInt(size -> positive(size.strip()))
                    .toArray();
        } catch (NumberFormatException e) {
            throw new UsageException(
                    option + ": '" + text + "' is not a list of positive whole numbers with commas, as in " + example);
        }
    }

    private static int positive(String text) {
        int number = Integer.parseInt(text);
        if (number < 1) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private static <T> void check(String option, String text, Catalog<T> catalog) {
        UsageException.check(option, () -> new RecordJson(List.of(catalog)).read(text, catalog));
    }
}
