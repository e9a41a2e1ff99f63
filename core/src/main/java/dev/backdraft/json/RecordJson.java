package dev.backdraft.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Records as JSON, for people to read and write. A record is an object with its components as keys. A member of a {@link
 * Catalog} has its name under {@code type}, and missing keys have its defaults; when nothing differs from the
 * type alone, its name is enough: {@code "adam"}, {@code {"type": "adam", "beta1": 0.8}} or, short, {@code "adam:beta1=0.8"}. A
 * class is only ever chosen by a name in a catalogue. Unknown keys are errors.
 *
 * <p>A record that is no member of a catalogue may be written short too: {@code "patience=5,minChange=0.01"}; a list in a short
 * text has semicolons. Components may be numbers, booleans, texts, enums (in lower case, with hyphens), lists, records and members of catalogues.
 */
public final class RecordJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TYPE = Catalog.TYPE;
    private static final int FEW = 12; // keys that a message lists

    private final List<Catalog<?>> catalogs;

    public RecordJson(List<Catalog<?>> catalogs) {
        this.catalogs = List.copyOf(catalogs);
    }

    /** The JSON of a record, a member of a catalogue, or any value that a component may have. */
    public JsonNode write(Object value) {
        if (value == null) {
            return JSON.nullNode();
        }
        if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        }
        if (value instanceof Integer number) {
            return JSON.numberNode(number);
        }
        if (value instanceof Long number) {
            return JSON.numberNode(number);
        }
        if (value instanceof Double number) {
            return JSON.numberNode(number);
        }
        if (value instanceof String text) {
            return JSON.textNode(text);
        }
        if (value instanceof Enum<?> constant) {
            return JSON.textNode(ValueText.text(constant));
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.arrayNode();
            list.forEach(element -> array.add(write(element)));
            return array;
        }
        if (value instanceof Record record) {
            return writeRecord(record);
        }
        throw new IllegalArgumentException("no JSON for a " + value.getClass().getName());
    }

    private JsonNode writeRecord(Record record) {
        ObjectNode object = JSON.objectNode();
        Catalog<?> catalog = catalogOf(record);
        if (catalog != null) {
            object.put(TYPE, name(catalog, record));
        }
        for (RecordComponent component : catalog == null ? components(record) : catalog.settings(record)) {
            object.set(component.getName(), write(Records.get(record, component)));
        }
        return catalog != null && object.size() == 1 ? object.get(TYPE) : object;
    }

    private Catalog<?> catalogOf(Record record) {
        for (Catalog<?> catalog : catalogs) {
            if (catalog.type().isInstance(record)) {
                return catalog;
            }
        }
        return null;
    }

    private static List<RecordComponent> components(Record record) {
        return List.of(record.getClass().getRecordComponents());
    }

    private static <T> String name(Catalog<T> catalog, Object member) {
        return catalog.nameOf(catalog.type().cast(member));
    }

    /**
     * The member of a family that this JSON describes.
     *
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public <T> T read(JsonNode json, Catalog<T> catalog) {
        ObjectNode settings = catalog.present(object(json, catalog.what()));
        T usual = catalog.named(settings.remove(TYPE).textValue());
        String what = catalog.what() + " " + catalog.nameOf(usual);
        Record record = (Record) usual;
        return catalog.type().cast(readRecord(settings, record, catalog.settings(record), what));
    }

    /** The member that a short text describes, as on a command line: {@code name} or {@code name:key=value,key=value}. */
    public <T> T read(String text, Catalog<T> catalog) {
        return read(JSON.textNode(text), catalog);
    }

    /**
     * Reads a record from a JSON object; missing keys take the values of another record.
     *
     * @param usual read
     * @param what the record is called in messages; empty when they are clear without
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public <R extends Record> R readRecord(JsonNode json, R usual, String what) {
        return readRecord(settings(json, what), usual, components(usual), what);
    }

    private <R extends Record> R readRecord(ObjectNode settings, R usual, List<RecordComponent> settable, String what) {
        List<String> names = settable.stream().map(RecordComponent::getName).toList();
        for (Iterator<String> keys = settings.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!names.contains(key)) {
                throw new IllegalArgumentException(in(what, unknownKey(key, names)));
            }
        }
        RecordComponent[] components = usual.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            JsonNode given = settings.get(component.getName());
            Object before = Records.get(usual, component);
            values[i] = given == null
                    ? before
                    : readValue(given, component.getGenericType(), before, in(what, component.getName()));
        }
        return Records.construct(usual, values, what.isEmpty() ? null : what);
    }

    private static String in(String what, String message) {
        return what.isEmpty() ? message : what + ": " + message;
    }

    /**
     * The message for a key that there is not. It names the nearest key, and all when they are few.
     *
     * @param valid the keys that there are
     */
    public static String unknownKey(String key, List<String> valid) {
        if (valid.isEmpty()) {
            return "unknown key '" + key + "': it has no settings";
        }
        return "unknown key '" + key + "'" + NearMiss.suggestion(key, valid) + ": "
                + (valid.size() <= FEW
                        ? "use " + String.join(", ", valid)
                        : "docs/configuration.md lists the " + valid.size() + " keys");
    }

    private Object readValue(JsonNode json, Type type, Object usual, String what) {
        if (json.isNull() && usual == null) {
            return null;
        }
        if (type == double.class && json.isNumber()) {
            return json.doubleValue();
        }
        if (type == int.class && json.canConvertToInt() && json.isIntegralNumber()) {
            return json.intValue();
        }
        if (type == long.class && json.canConvertToLong() && json.isIntegralNumber()) {
            return json.longValue();
        }
        if (type == boolean.class && json.isBoolean()) {
            return json.booleanValue();
        }
        if (type == String.class && json.isTextual()) {
            return json.textValue();
        }
        if (type instanceof Class<?> raw && raw.isEnum()) {
            return constant(json, raw, what);
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class && !json.isObject()) {
            List<Object> elements = new ArrayList<>();
            for (JsonNode element : ShortText.elements(json)) {
                if (element.isNull()) {
                    throw new IllegalArgumentException(what + " has an element that is null");
                }
                elements.add(readValue(element, boxed(list.getActualTypeArguments()[0]), null, what));
            }
            return elements;
        }
        for (Catalog<?> catalog : catalogs) {
            if (type == catalog.type()) {
                return read(json, catalog);
            }
        }
        if (type instanceof Class<?> raw && raw.isRecord()) {
            return readRecord(json, usual == null ? Records.usual(raw) : (Record) usual, what);
        }
        throw new IllegalArgumentException(what + " is " + json + ", but must be " + description(type, json));
    }

    private static Type boxed(Type type) {
        Map<Type, Type> primitives = Map.of(
                Integer.class,
                int.class,
                Long.class,
                long.class,
                Double.class,
                double.class,
                Boolean.class,
                boolean.class);
        return primitives.getOrDefault(type, type);
    }

    private static String description(Type type, JsonNode json) {
        if (type == int.class && json.isIntegralNumber()) {
            return "from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        }
        if (type instanceof ParameterizedType) {
            return "a list [ … ]";
        }
        if (type instanceof Class<?> raw && raw.isRecord()) {
            return "an object {…}";
        }
        return (type == boolean.class ? "" : "a ") + ValueText.type(type);
    }

    private static Object constant(JsonNode json, Class<?> type, String what) {
        for (Object constant : type.getEnumConstants()) {
            if (json.isTextual() && ValueText.text((Enum<?>) constant).equals(json.textValue())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                what + " is " + json + ", but must be " + String.join(" or ", ValueText.names(type)));
    }

    /** The object that a JSON value without a type stands for: itself, or what a text spells out. */
    public static ObjectNode settings(JsonNode json, String what) {
        if (json.isTextual()) {
            return ShortText.settings(JSON.objectNode(), json.textValue(), what);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException(in(what, "found " + json + " instead of an object {…}"));
        }
        return (ObjectNode) json;
    }

    /** The object {@code {"type": …}} that a JSON value stands for: itself, or what a text spells out. */
    public static ObjectNode object(JsonNode json, String what) {
        if (json.isTextual()) {
            return ShortText.named(json.textValue(), TYPE, what);
        }
        if (!json.isObject() || !json.path(TYPE).isTextual()) {
            throw new IllegalArgumentException(
                    what + ": found " + json + " instead of a name or an object with a \"type\"");
        }
        return (ObjectNode) json;
    }
}
