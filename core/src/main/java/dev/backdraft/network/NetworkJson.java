package dev.backdraft.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.activation.Activations;
import dev.backdraft.initializer.Initializers;
import dev.backdraft.json.RecordJson;
import dev.backdraft.layer.Layers;
import java.util.List;

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
 * <p>Sizes that follow from the previous layer may be omitted, and so may settings that have their default: the weights of a
 * dense layer are initialized as the activation after it recommends. A layer with a {@code name} can be taken by others, which
 * list what they take under {@code inputs}: names, numbers of layers counted from 0, or {@code "input"}. {@code "relu"} alone,
 * or the name of another activation, is an activation layer; {@code residual} adds its layers' output to its input, and counts
 * as the addition after them. {@code inputSize} may be omitted when the first layer has it.
 */
public final class NetworkJson {
    static final RecordJson RECORDS =
            new RecordJson(List.of(Layers.CATALOG, Activations.CATALOG, Initializers.CATALOG));
    static final String INPUT = "input";
    static final String INPUT_SIZE = "inputSize";
    static final String LAYERS = "layers";
    static final String INPUTS = "inputs";

    private NetworkJson() {}

    /** Writes the whole network, defaults included. */
    public static ObjectNode write(Network network) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(INPUT_SIZE, network.inputSize());
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
     * @param inputSize number of features where the JSON does not say it; 0 if unknown
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public static Network read(JsonNode json, int inputSize) {
        return NetworkReader.read(json, inputSize, false);
    }

    /**
     * The network of a file that {@link #write} wrote, perhaps of an older version: settings that have their default may be
     * missing, but nothing that would have to be inferred, and no value may differ from what would be written.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Network readWritten(JsonNode json) {
        Network network = NetworkReader.read(json, 0, true);
        checkWritten(json, write(network), "");
        return network;
    }

    /** Whether an initializer has a name by which earlier versions knew it. */
    private static boolean isAlias(JsonNode found, JsonNode written) {
        return found.isTextual()
                && written.isTextual()
                && Initializers.CATALOG.has(found.textValue())
                && Initializers.CATALOG
                        .nameOf(Initializers.CATALOG.named(found.textValue()))
                        .equals(written.textValue());
    }

    private static void checkWritten(JsonNode found, JsonNode written, String place) {
        if (found.isObject() && written.isObject()) {
            for (var field : found.properties()) {
                String key = place.isEmpty() ? field.getKey() : place + "." + field.getKey();
                checkWritten(field.getValue(), written.path(field.getKey()), key);
            }
        } else if (found.isArray() && written.isArray() && found.size() == written.size()) {
            for (int i = 0; i < found.size(); i++) {
                checkWritten(found.get(i), written.get(i), place + "[" + i + "]");
            }
        } else if (!isSame(found, written) && !isAlias(found, written)) {
            throw new IllegalArgumentException("not in the form that Backdraft writes: " + place + " is " + found
                    + (written.isMissingNode() ? "" : " instead of " + written));
        }
    }

    /** Equality that does not look at how many bits Jackson has taken for a number. */
    private static boolean isSame(JsonNode found, JsonNode written) {
        if (found.isIntegralNumber() && written.isIntegralNumber()) {
            return found.canConvertToLong() && found.longValue() == written.longValue();
        }
        return found.equals(written);
    }
}
