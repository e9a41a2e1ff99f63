package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnInput;
import dev.backdraft.column.ColumnInput.Role;
import dev.backdraft.json.RecordJson;
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
 * Kotelnikov and Babenko 2025, "TabM"). With several groups of members, each group has vectors and hidden layers of its
 * own; in every second one, all numbers have periodic vectors, so that the groups err in different ways. Used once.
 */
final class TabularNetwork {
    private static final String INPUT = "input";

    private final List<ColumnInput> inputs;
    private final TabularRules rules;
    private final ArrayNode layers = JsonNodeFactory.instance.arrayNode();
    private final List<String> parts = new ArrayList<>(); // what the first hidden layer of the group takes
    private int group;

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
        List<String> ends = new ArrayList<>();
        for (group = 0; group < rules.groups(); group++) {
            ends.add(endGroup(addGroup(hidden)));
        }
        if (ends.size() > 1) {
            addConcatenation(ends);
        }
        int members = rules.groups() * TabularRules.MEMBERS;
        addMembers(members, outputs, hidden.units().isEmpty(), hidden.initializer());
        if (loss.outputRange() == OutputRange.POSITIVE) {
            addLayer("softplus");
        } else if (loss.outputRange() == OutputRange.PROBABILITY) {
            addLayer("sigmoid");
        }
        addLayer("ensemble-mean").put("members", members).put("average", average(loss));
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

    /** Adds the vectors and hidden layers of a group, and returns the last layer. */
    private ObjectNode addGroup(Hidden hidden) {
        parts.clear();
        addNumbers();
        add("flags", columns(input -> input.role() == Role.FLAG));
        for (int column : columns(input -> input.role() == Role.CODE)) {
            addCode(column);
        }
        addConcatenation(parts);
        ObjectNode last = addLayer("repeat").put("times", TabularRules.MEMBERS);
        boolean first = true;
        for (int units : hidden.units()) {
            addMembers(TabularRules.MEMBERS, units, first, hidden.initializer());
            first = false;
            last = addActivation(hidden.activation());
            if (hidden.dropout() > 0) {
                last = addLayer("dropout").put("rate", hidden.dropout());
            }
        }
        return last;
    }

    private String endGroup(ObjectNode last) {
        String name = "group " + group;
        if (rules.groups() > 1) {
            last.put("name", name);
        }
        return name;
    }

    private ObjectNode addActivation(JsonNode activation) {
        ObjectNode layer = RecordJson.object(activation, "activation").deepCopy();
        layers.add(layer);
        return layer;
    }

    private void addConcatenation(List<String> names) {
        ArrayNode list = addLayer("concatenate").putArray("inputs");
        names.forEach(list::add);
    }

    private void addNumbers() {
        Predicate<ColumnInput> isNumber = input -> input.role() == Role.NUMBER;
        List<Integer> numbers = columns(isNumber);
        add("numbers", numbers);
        int size = rules.embeddingOfNumbers(numbers.size());
        List<Integer> binned = columns(isNumber.and(this::hasBins));
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

    private boolean hasBins(ColumnInput input) {
        return group % 2 == 0 && input.boundaries().size() > 1;
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

    private void addMembers(int members, int units, boolean first, JsonNode initializer) {
        ObjectNode layer = addLayer("batch-ensemble").put("members", members).put("units", units);
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

    private void endPart(String part, ObjectNode layer) {
        String name = group == 0 ? part : part + " of group " + group;
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
