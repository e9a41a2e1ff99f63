package dev.backdraft.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.RecordJson;
import dev.backdraft.layer.Activations;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Initializers;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Layers;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Networks as JSON, for files and for people:
 *
 * <pre>{@code
 * {"inputSize": 40,
 *  "layers": [
 *    {"type": "dense", "outputSize": 100}, "relu",
 *    {"type": "residual", "layers": [{"type": "dense", "outputSize": 100}, "relu"]},
 *    {"type": "dense", "outputSize": 10}]}
 * }</pre>
 *
 * <p>Sizes that follow from the layer before may be left out, and so may settings that are as usual: the weights of a dense
 * layer start as the activation behind it likes them. A layer with a {@code name} can be taken by others, which list what they
 * take under {@code inputs}: names, numbers of layers counted from 0, or {@code "input"}. {@code "relu"} alone, or the name of
 * another activation, is an activation layer; {@code residual} adds its layers' output to its input. {@code inputSize} may be
 * left out when the first layer says it.
 */
public final class NetworkJson {
    private static final RecordJson RECORDS =
            new RecordJson(List.of(Layers.CATALOG, Activations.CATALOG, Initializers.CATALOG));
    private static final String INPUT = "input";
    private static final String INPUT_SIZE = "inputSize";
    private static final String OUTPUT_SIZE = "outputSize";
    private static final String SIZE = "size";
    private static final String LAYERS = "layers";
    private static final String INPUTS = "inputs";

    private final NetworkBuilder builder;
    private final Map<String, Integer> names = new HashMap<>();

    private NetworkJson(NetworkBuilder builder) {
        this.builder = builder;
    }

    /** The whole network, nothing left out. */
    public static ObjectNode write(Network network) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode layers = json.putArray(LAYERS);
        for (int i = 0; i < network.layers().size(); i++) {
            ObjectNode layer = RecordJson.object(RECORDS.write(network.layers().get(i)), "layer");
            List<Integer> inputs = network.inputs().get(i);
            if (!inputs.equals(List.of(i - 1))) {
                ArrayNode list = layer.putArray(INPUTS);
                for (int input : inputs) {
                    if (input == Network.INPUT) {
                        list.add(INPUT);
                    } else {
                        list.add(input);
                    }
                }
            }
            layers.add(layer);
        }
        return json;
    }

    /**
     * The network that this JSON describes.
     *
     * @param inputSize number of features where the JSON does not say it; 0 when nobody knows
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public static Network read(JsonNode json, int inputSize) {
        if (!json.isObject()
                || !json.path(LAYERS).isArray()
                || json.path(LAYERS).isEmpty()) {
            throw new IllegalArgumentException("a network is an object with a list of \"layers\"");
        }
        json.fieldNames().forEachRemaining(key -> {
            if (!key.equals(LAYERS) && !key.equals(INPUT_SIZE)) {
                throw new IllegalArgumentException(RecordJson.unknownKey(key, List.of(INPUT_SIZE, LAYERS)));
            }
        });
        NetworkJson reader = new NetworkJson(new NetworkBuilder(inputSize(json, inputSize)));
        for (JsonNode layer : json.get(LAYERS)) {
            reader.add(layer);
        }
        return reader.builder.build();
    }

    private static int inputSize(JsonNode json, int known) {
        JsonNode first = json.get(LAYERS).get(0);
        for (JsonNode size : List.of(json.path(INPUT_SIZE), first.path(INPUT_SIZE), first.path(SIZE))) {
            if (size.isInt()) {
                return size.intValue();
            }
        }
        if (known == 0) {
            throw new IllegalArgumentException("the number of features is missing: give the network an \"inputSize\"");
        }
        return known;
    }

    private void add(JsonNode json) {
        int number = builder.last() + 1;
        try {
            ObjectNode layer = RecordJson.object(json, "layer").deepCopy();
            JsonNode name = layer.remove("name");
            JsonNode inputs = layer.remove(INPUTS);
            if (inputs != null) {
                builder.from(numbers(inputs));
            }
            if (layer.get("type").textValue().equals("residual")) {
                addResidual(layer);
            } else {
                addLayer(layer);
            }
            if (name != null && (!name.isTextual() || names.putIfAbsent(name.textValue(), builder.last()) != null)) {
                throw new IllegalArgumentException("the name " + name + " is taken, or no text");
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            String message = e.getMessage();
            throw new IllegalArgumentException(
                    message.startsWith("layer number ") ? message : "layer number " + number + ": " + message, e);
        }
    }

    private void addResidual(ObjectNode json) {
        if (json.size() != 2 || !json.path(LAYERS).isArray()) {
            throw new IllegalArgumentException("a residual block has a list of \"layers\" and nothing else");
        }
        builder.residual(block -> json.get(LAYERS).forEach(this::add));
    }

    private void addLayer(ObjectNode json) {
        String type = json.get("type").textValue();
        if (!Layers.CATALOG.has(type) && Activations.CATALOG.has(type)) {
            builder.add(new Elementwise(RECORDS.read(json, Activations.CATALOG), builder.size()));
            return;
        }
        Layer usual = Layers.CATALOG.named(type);
        if (has(usual, OUTPUT_SIZE) && !json.has(OUTPUT_SIZE)) {
            throw new IllegalArgumentException(type + ": its outputSize is missing");
        }
        for (String size : List.of(INPUT_SIZE, SIZE)) {
            if (has(usual, size) && !json.has(size)) {
                json.put(size, type.equals("add") ? builder.sizeOfEach() : builder.size());
            }
        }
        if (type.equals("add") && !json.has("count")) {
            json.put("count", builder.inputCount());
        }
        boolean initialized = json.has("initializer");
        Layer layer = RECORDS.read(json, Layers.CATALOG);
        if (layer instanceof Dense dense && !initialized) {
            builder.addWithoutInitializer(dense);
        } else {
            builder.add(layer);
        }
    }

    private static boolean has(Layer layer, String component) {
        return Stream.of(layer.getClass().getRecordComponents())
                .map(RecordComponent::getName)
                .anyMatch(component::equals);
    }

    private int[] numbers(JsonNode inputs) {
        if (!inputs.isArray() || inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs is " + inputs + ", but must be a list of names or numbers");
        }
        int[] numbers = new int[inputs.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(inputs.get(i));
        }
        return numbers;
    }

    private int number(JsonNode input) {
        if (input.isInt() && input.intValue() >= 0) {
            return input.intValue();
        }
        if (input.isTextual() && input.textValue().equals(INPUT)) {
            return Network.INPUT;
        }
        if (input.isTextual() && names.containsKey(input.textValue())) {
            return names.get(input.textValue());
        }
        throw new IllegalArgumentException("it takes " + input + ", but no layer before it has that name");
    }
}
