package dev.backdraft.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The part of OpenAPI's schemas that the operator's resources use. */
final class Schema {
    private Schema() {}

    /** What is wrong with a value: fields that are unknown or missing, values of another type or not of an enumeration. */
    static List<String> faults(JsonNode schema, JsonNode value, String at) {
        List<String> faults = new ArrayList<>();
        collect(schema, value, at, faults);
        return faults;
    }

    private static void collect(JsonNode schema, JsonNode value, String at, List<String> faults) {
        String type = schema.path("type").asText();
        boolean fits =
                switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    default -> throw new IllegalArgumentException(at + ": a schema of type '" + type + "'");
                };
        if (!fits) {
            faults.add(at + ": " + value + " is no " + type);
        } else if (value.isObject()) {
            collectFields(schema, value, at, faults);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                collect(schema.get("items"), value.get(i), at + "[" + i + "]", faults);
            }
        } else if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            faults.add(at + ": " + value.asText() + " is none of " + schema.get("enum"));
        }
    }

    private static void collectFields(JsonNode schema, JsonNode value, String at, List<String> faults) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                faults.add(at + ": " + name.asText() + " is missing");
            }
        });
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return;
        }
        value.properties().forEach(field -> {
            JsonNode known = schema.path("properties").path(field.getKey());
            JsonNode each = known.isMissingNode() ? schema.path("additionalProperties") : known;
            String name = at + "." + field.getKey();
            if (each.isMissingNode()) {
                faults.add(name + ": unknown field");
            } else {
                collect(each, field.getValue(), name, faults);
            }
        });
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }
}
