package dev.backdraft.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Settings as people write them on a command line: {@code name:key=value,key=value}, lists with semicolons. */
final class ShortText {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ShortText() {}

    /** The object of {@code name} or {@code name:key=value,key=value}, the name under this key. */
    static ObjectNode named(String text, String nameKey, String what) {
        ObjectNode object = JSON.objectNode();
        int colon = text.indexOf(':');
        object.put(nameKey, colon < 0 ? text : text.substring(0, colon));
        return colon < 0 ? object : settings(object, text.substring(colon + 1), what);
    }

    /** Adds the settings of {@code key=value,key=value} to an object. */
    static ObjectNode settings(ObjectNode object, String text, String what) {
        if (text.isBlank()) {
            return object;
        }
        for (String setting : text.split(",", -1)) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(
                        what + " '" + text + "': settings are written as in key=value,key=value");
            }
            object.set(
                    setting.substring(0, equals).strip(),
                    scalar(setting.substring(equals + 1).strip()));
        }
        return object;
    }

    private static JsonNode scalar(String text) {
        if (text.equals("true") || text.equals("false")) {
            return JSON.booleanNode(text.equals("true"));
        }
        try {
            return JSON.numberNode(Long.parseLong(text));
        } catch (NumberFormatException notWhole) {
            try {
                return JSON.numberNode(Double.parseDouble(text));
            } catch (NumberFormatException noNumber) {
                return JSON.textNode(text);
            }
        }
    }

    /** The elements of a list: of an array, of a short text, or one alone. */
    static Iterable<JsonNode> elements(JsonNode json) {
        if (json.isArray()) {
            return json;
        }
        if (!json.isTextual()) {
            return List.of(json);
        }
        List<JsonNode> elements = new ArrayList<>();
        for (String element : json.textValue().split(";", -1)) {
            elements.add(scalar(element.strip()));
        }
        return elements;
    }
}
