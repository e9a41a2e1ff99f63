package dev.backdraft.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types and values of settings, as help and messages name them. */
public final class ValueText {
    private ValueText() {}

    /**
     * What the values of a type are, for people: {@code whole number}, or the keys of a record as in {@code {l1, l2}}.
     */
    public static String type(Type type) {
        if (type == double.class || type == Double.class) {
            return "number";
        }
        if (type == int.class || type == long.class) {
            return "whole number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type instanceof ParameterizedType list) {
            return "list of " + type(list.getActualTypeArguments()[0]) + "s";
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isEnum()) {
            return String.join(" or ", names(raw));
        }
        if (raw.isRecord()) {
            return Stream.of(raw.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return raw.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** The settings of a record with their defaults, as people write them short: {@code patience=10, mode=min|max}. */
    public static String settings(Type type) {
        Record defaults = Records.usual((Class<?>) type);
        JsonNode json = new RecordJson(List.of()).write(defaults);
        return Stream.of(defaults.getClass().getRecordComponents())
                .map(component -> component.getName() + "="
                        + (component.getType().isEnum()
                                ? String.join("|", names(component.getType()))
                                : plain(json.get(component.getName()))))
                .collect(Collectors.joining(", "));
    }

    /** A number, a boolean or a text as people write it: 0.0001 and 0, not 1.0E-4 and 0.0. */
    public static String plain(JsonNode json) {
        return json.isNumber() ? json.decimalValue().stripTrailingZeros().toPlainString() : json.asText();
    }

    /** The constants of an enum, as they are written. */
    public static List<String> names(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(constant -> text((Enum<?>) constant))
                .toList();
    }

    /** A constant of an enum: in lower case, with hyphens. */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
