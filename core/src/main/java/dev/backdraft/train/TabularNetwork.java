package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnInput;
import dev.backdraft.column.ColumnInput.Role;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Writes the network of a {@link Preset}. Numbers enter as they are, and as vectors that are piecewise linear between
 * quantiles (Gorishniy, Rubachev and Babenko 2022) or periodic where no quantiles are known; categories enter as
 * vectors (Guo and Berkhahn 2016) or flags. The hidden layers are those of members that share their weights (Gorishniy,
 * Kotelnikov and Babenko 2025, "TabM"). Used once.
 */
final class TabularNetwork {
    private static final String INPUT = "input";

    private final List<ColumnInput> inputs;
    private final TabularRules rules;
    private final ArrayNode layers = JsonNodeFactory.instance.arrayNode();
    private final List<String> parts = new ArrayList<>(); // what the first hidden layer takes

    /** @param inputs of the network, in order; at least one */
    TabularNetwork(List<ColumnInput> inputs, TabularRules rules) {
        this.inputs = inputs;
        this.rules = rules;
    }

    /**
     * The network.
     *
     * @param hidden layers of each member
     * @param outputs of each member
     */
    ObjectNode build(Hidden hidden, int outputs, Loss loss) {
        addNumbers();
        add("flags", columns(input -> input.role() == Role.FLAG));
        for (int column : columns(input -> input.role() == Role.CODE)) {
            addCode(column);
        }
        ArrayNode names = addLayer("concatenate").putArray("inputs");
        parts.forEach(names::add);
        addLayer("repeat").put("times", rules.members());
        boolean first = true;
        for (int units : hidden.units()) {
            addMembers(units, first, hidden.initializer());
            first = false;
            layers.add(hidden.activation());
            if (hidden.dropout() > 0) {
                addLayer("dropout").put("rate", hidden.dropout());
            }
        }
        addMembers(outputs, first, hidden.initializer());
        if (loss.outputRange() == OutputRange.POSITIVE) {
            addLayer("softplus");
        } else if (loss.outputRange() == OutputRange.PROBABILITY) {
            addLayer("sigmoid");
        }
        addLayer("ensemble-mean").put("members", rules.members()).put("average", average(loss));
        ObjectNode network = JsonNodeFactory.instance.objectNode().put("inputSize", inputs.size());
        network.set("layers", layers);
        return network;
    }

    /**
     * The hidden layers of a member.
     *
     * @param units of each
     * @param activation after each
     * @param dropout after each activation
     * @param initializer of the weights; null for that of the layer
     */
    record Hidden(List<Integer> units, JsonNode activation, double dropout, JsonNode initializer) {}

    private void addNumbers() {
        Predicate<ColumnInput> isNumber = input -> input.role() == Role.NUMBER;
        List<Integer> numbers = columns(isNumber);
        add("numbers", numbers);
        int size = rules.embeddingOfNumbers(numbers.size());
        List<Integer> binned = columns(isNumber.and(TabularNetwork::hasBins));
        if (size > 1 && !binned.isEmpty()) {
            addSelection(binned);
            ArrayNode boundaries = addLayer("piecewise-linear-embedding")
                    .put("embeddingSize", size)
                    .putArray("boundaries");
            for (int column : binned) {
                ArrayNode ofInput = boundaries.addArray();
                rules.boundaries(inputs.get(column).boundaries()).forEach(ofInput::add);
            }
            endPart("bins", addLayer("relu"));
        }
        List<Integer> others = columns(isNumber.and(input -> !hasBins(input)));
        if (size > 1 && !others.isEmpty()) {
            addSelection(others);
            endPart("waves", addLayer("periodic-embedding").put("form", "pbld").put("embeddingSize", size));
        }
    }

    private static boolean hasBins(ColumnInput input) {
        return input.boundaries().size() > 1;
    }

    private void addCode(int column) {
        int values = inputs.get(column).values();
        addSelection(List.of(column));
        ObjectNode layer = addLayer("embedding");
        layer.putArray("codes")
                .addObject()
                .put("column", 0)
                .put("values", values)
                .put("embeddingSize", rules.embeddingOfCategories(values));
        layer.putObject("initializer").put("type", "normal").put("deviation", TabularRules.DEVIATION_OF_CATEGORIES);
        double dropout = rules.dropoutOfCategories(values);
        if (dropout > 0) {
            layer = addLayer("dropout").put("rate", dropout);
        }
        endPart("category " + column, layer);
    }

    private void addMembers(int units, boolean first, JsonNode initializer) {
        ObjectNode layer =
                addLayer("batch-ensemble").put("members", rules.members()).put("units", units);
        if (first) {
            layer.put("randomSigns", true);
        }
        if (initializer != null) {
            layer.set("initializer", initializer);
        }
    }

    private static String average(Loss loss) {
        EnsembleAverage average = EnsembleAverage.OUTPUTS;
        if (loss.outputRange() == OutputRange.ANY && loss.target().isOneOfMany()) {
            average = EnsembleAverage.SOFTMAX;
        } else if (loss.outputRange() == OutputRange.ANY && loss.target().asksQuestions()) {
            average = EnsembleAverage.SIGMOID;
        }
        return average.name().toLowerCase(Locale.ROOT);
    }

    /** These columns of the input, as they are. */
    private void add(String part, List<Integer> columns) {
        if (!columns.isEmpty()) {
            endPart(part, addSelection(columns));
        }
    }

    private ObjectNode addSelection(List<Integer> columns) {
        ObjectNode layer = addLayer("select");
        layer.putArray("inputs").add(INPUT);
        ArrayNode list = layer.putArray("columns");
        columns.forEach(list::add);
        return layer;
    }

    private void endPart(String name, ObjectNode layer) {
        layer.put("name", name);
        parts.add(name);
    }

    private ObjectNode addLayer(String type) {
        return layers.addObject().put("type", type);
    }

    private List<Integer> columns(Predicate<ColumnInput> wanted) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (wanted.test(inputs.get(i))) {
                columns.add(i);
            }
        }
        return columns;
    }
}
