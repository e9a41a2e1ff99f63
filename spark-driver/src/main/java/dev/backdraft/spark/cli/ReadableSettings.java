package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.train.TrainingJson;
import java.util.StringJoiner;

/** Settings as text for people, in words with blanks between them, so that a terminal can wrap them. */
final class ReadableSettings {
    private static final String TYPE = "type";

    private ReadableSettings() {}

    /** A value, as in {@code optimizer adam (beta1 0.9, beta2 0.999)}, with nested settings in parentheses. */
    static String of(JsonNode value) {
        if (!value.isObject()) {
            return plain(value);
        }
        return value.has(TYPE) ? value.get(TYPE).asText() + nested(value) : list(value);
    }

    private static String list(JsonNode object) {
        StringJoiner settings = new StringJoiner(", ");
        object.properties().forEach(setting -> {
            if (!setting.getKey().equals(TYPE)) {
                JsonNode value = setting.getValue();
                settings.add(
                        setting.getKey() + (value.isObject() && !value.has(TYPE) ? nested(value) : " " + of(value)));
            }
        });
        return settings.toString();
    }

    private static String nested(JsonNode object) {
        String settings = list(object);
        return settings.isEmpty() ? "" : " (" + settings + ")";
    }

    private static String plain(JsonNode value) {
        if (value.isNull() || (value.isArray() && value.isEmpty())) {
            return "none";
        }
        if (!value.isArray()) {
            return value.asText();
        }
        StringJoiner elements = new StringJoiner(", ", "[", "]");
        value.forEach(element -> elements.add(of(element)));
        return elements.toString();
    }

    /**
     * A loss as an option names it, such as {@code softmax-cross-entropy:labelSmoothing=0.1}: its settings change the
     * figure.
     */
    static String of(Loss loss) {
        if (loss.equals(Losses.named(loss.name()))) {
            return loss.name();
        }
        JsonNode json = TrainingJson.write(loss);
        StringJoiner settings = new StringJoiner(",", loss.name() + ":", "");
        json.properties().forEach(setting -> {
            if (!setting.getKey().equals(TYPE)) {
                settings.add(setting.getKey() + "=" + setting.getValue().asText());
            }
        });
        return settings.toString();
    }
}
