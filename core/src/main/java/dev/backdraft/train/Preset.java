package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Choices of network and settings that suit a kind of data better than the {@link Defaults}. Both presets are for
 * tables: ensembles of networks that share their weights, with embeddings of numbers and categories. {@code
 * docs/defaults.md} lists what they choose, and what that reaches.
 */
public enum Preset {
    /** An ensemble whose members share their weights. */
    TABULAR("tabular", 1),

    /**
     * Two such ensembles with other embeddings and one output layer, whose answers are averaged. They are trained as
     * one network, which takes longer.
     */
    TABULAR_ENSEMBLE("tabular-ensemble", 2);

    /** The text for no preset. */
    public static final String NONE = "none";

    private final String text;
    private final int groups;

    Preset(String text, int groups) {
        this.text = text;
        this.groups = groups;
    }

    /** Its name in files. */
    public String text() {
        return text;
    }

    /** The number of ensembles. */
    int groups() {
        return groups;
    }

    /** The names of all presets. */
    public static List<String> names() {
        return Stream.of(values()).map(Preset::text).toList();
    }

    /**
     * The preset of that name.
     *
     * @param json missing, null or the text {@code none} for none
     * @return null for none
     * @throws IllegalArgumentException when it is something else
     */
    static Preset of(JsonNode json) {
        if (json.isMissingNode() || json.isNull() || NONE.equals(json.textValue())) {
            return null;
        }
        return Stream.of(values())
                .filter(preset -> json.isTextual() && json.textValue().equals(preset.text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Setting.PRESET.key() + " is " + json
                        + ", but must be one of: " + String.join(", ", names()) + ", " + NONE));
    }
}
