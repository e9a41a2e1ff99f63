package dev.backdraft.network;

import static dev.backdraft.network.NetworkJson.INPUT;
import static dev.backdraft.network.NetworkJson.INPUTS;
import static dev.backdraft.network.NetworkJson.INPUT_SIZE;
import static dev.backdraft.network.NetworkJson.LAYERS;
import static dev.backdraft.network.NetworkJson.RECORDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.activation.Activations;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.UnknownNameException;
import dev.backdraft.layer.Add;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Layers;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads the JSON of one network, layer by layer: {@link NetworkJson} says in which form. Used once, by one thread. */
final class NetworkReader {
    private static final String OUTPUT_SIZE = "outputSize";
    private static final String SIZE = "size";
    private static final String COUNT = "count";
    private static final String INITIALIZER = "initializer";
    private static final String RESIDUAL = "residual";

    private final NetworkBuilder builder;
    private final boolean complete; // whether nothing may be left to be inferred
    private final Map<String, Integer> names = new HashMap<>();

    private NetworkReader(NetworkBuilder builder, boolean complete) {
        this.builder = builder;
        this.complete = complete;
    }

    /**
     * The network that this JSON describes.
     *
     * @param inputSize as in {@link NetworkJson#read}
     * @param complete whether nothing may be left to be inferred
     */
    static Network read(JsonNode json, int inputSize, boolean complete) {
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
        NetworkReader reader = new NetworkReader(new NetworkBuilder(inputSize(json, inputSize, complete)), complete);
        for (JsonNode layer : json.get(LAYERS)) {
            reader.add(layer);
        }
        try {
            return reader.builder.build();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("it is too large: " + e.getMessage(), e);
        }
    }

    private static int inputSize(JsonNode json, int known, boolean complete) {
        JsonNode given = json.path(INPUT_SIZE);
        if (given.isInt()) {
            return given.intValue();
        }
        if (!given.isMissingNode()) {
            throw new IllegalArgumentException("its inputSize is " + given + ", but must be a whole number");
        }
        int taken = located(
                0,
                complete,
                () -> inputSizeOf(RecordJson.object(json.get(LAYERS).get(0), "layer")));
        if (taken == 0 && known == 0) {
            throw new IllegalArgumentException("the number of features is missing: give the network an \"inputSize\"");
        }
        return taken == 0 ? known : taken;
    }

    /** How much the first layer takes, when that is in its JSON; else 0. */
    private static int inputSizeOf(ObjectNode first) {
        String type = first.get("type").textValue();
        if (type.equals(RESIDUAL) || first.has(INPUTS) || isActivation(type)) {
            return 0;
        }
        Layer usual = layer(type);
        for (String size : List.of(INPUT_SIZE, SIZE)) {
            if (has(usual, size) && !first.has(size)) {
                return 0;
            }
        }
        ObjectNode layer = first.deepCopy();
        layer.remove("name");
        return RECORDS.read(layer, Layers.CATALOG).inputSize();
    }

    /** What an action returns; when it refuses something, says in which layer. */
    private static <T> T located(int layer, boolean inFile, Supplier<T> action) {
        try {
            return action.get();
        } catch (LayerException e) {
            throw e; // of a layer within this one
        } catch (UnknownNameException e) {
            throw new LayerException(layer, inFile ? e.inFile() : e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new LayerException(layer, e.getMessage(), e);
        }
    }

    /** What is wrong with a layer, which the message names. */
    private static final class LayerException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        LayerException(int layer, String message, Throwable cause) {
            super("layer number " + layer + ": " + message, cause);
        }
    }

    private void add(JsonNode json) {
        located(builder.last() + 1, complete, () -> addNamed(json));
    }

    private NetworkBuilder addNamed(JsonNode json) {
        ObjectNode layer = RecordJson.object(json, "layer").deepCopy();
        JsonNode name = layer.remove("name");
        JsonNode inputs = layer.remove(INPUTS);
        if (inputs != null) {
            builder.from(numbers(inputs));
        }
        if (layer.get("type").textValue().equals(RESIDUAL)) {
            addResidual(layer);
        } else {
            addLayer(layer);
        }
        if (name != null) {
            addName(name);
        }
        return builder;
    }

    private void addName(JsonNode name) {
        if (!name.isTextual() || name.textValue().isEmpty() || name.textValue().equals(INPUT)) {
            throw new IllegalArgumentException(
                    "its name is " + name + ", but must be a text that is not empty and not \"input\"");
        }
        if (names.putIfAbsent(name.textValue(), builder.last()) != null) {
            throw new IllegalArgumentException("the name " + name + " is taken");
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
        if (isActivation(type)) {
            builder.add(new Elementwise(RECORDS.read(json, Activations.CATALOG), builder.size()));
            return;
        }
        Layer usual = layer(type);
        need(usual, OUTPUT_SIZE, json);
        if (complete) {
            List.of(INPUT_SIZE, SIZE, COUNT, INITIALIZER).forEach(key -> need(usual, key, json));
        } else {
            infer(usual, json);
        }
        boolean initialized = json.has(INITIALIZER);
        Layer layer = RECORDS.read(json, Layers.CATALOG);
        if (layer instanceof Dense dense && !initialized) {
            builder.addWithoutInitializer(dense);
        } else {
            builder.add(layer);
        }
    }

    private void infer(Layer usual, ObjectNode json) {
        boolean adds = usual instanceof Add;
        for (String size : List.of(INPUT_SIZE, SIZE)) {
            if (has(usual, size) && !json.has(size)) {
                json.put(size, adds ? builder.sizeOfEach() : builder.size());
            }
        }
        if (adds && !json.has(COUNT)) {
            json.put(COUNT, builder.inputCount());
        }
    }

    private static Layer layer(String type) {
        if (!Layers.CATALOG.has(type)) {
            List<String> names = new ArrayList<>(Layers.CATALOG.list());
            names.add(RESIDUAL);
            names.addAll(Activations.CATALOG.list());
            throw new UnknownNameException("layer or activation", type, names);
        }
        return Layers.CATALOG.named(type);
    }

    private static boolean isActivation(String type) {
        return !Layers.CATALOG.has(type) && Activations.CATALOG.has(type);
    }

    private static void need(Layer usual, String component, ObjectNode json) {
        if (has(usual, component) && !json.has(component)) {
            throw new IllegalArgumentException(usual.name() + ": its " + component + " is missing");
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
