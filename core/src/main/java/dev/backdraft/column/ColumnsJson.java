package dev.backdraft.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.RecordJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Columns as JSON: a list with an object for each, as a model file keeps them. */
public final class ColumnsJson {
    private static final String TYPE = "type";
    private static final RecordJson RECORDS = new RecordJson(List.of());
    private static final Map<String, Record> USUAL = Map.of(
            "number", new NumberColumn("", new NumberScale(), 0, false),
            "quantile", new QuantileColumn("", List.of(), List.of(), 0, false),
            "one-hot", new OneHotColumn("", List.of(), false, false, ""),
            "codes", new CodeColumn("", List.of(), ""),
            "hashed", new HashedColumn("", 1),
            "date", new DateColumn("", List.of(), false, 0, false),
            "unused", new UnusedColumn("", UnusedColumn.Reason.CONSTANT));

    private ColumnsJson() {}

    /** The columns as JSON. */
    public static JsonNode write(Columns columns) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (ColumnEncoder encoder : columns.encoders()) {
            ObjectNode object = list.addObject().put(TYPE, type(encoder));
            object.setAll((ObjectNode) RECORDS.write(encoder));
        }
        return list;
    }

    private static String type(ColumnEncoder encoder) {
        return USUAL.entrySet().stream()
                .filter(usual -> usual.getValue().getClass() == encoder.getClass())
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /**
     * The columns that JSON describes.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Columns read(JsonNode json) {
        if (!json.isArray() || json.isEmpty()) {
            throw new IllegalArgumentException("is not a list of columns");
        }
        List<ColumnEncoder> encoders = new ArrayList<>();
        for (JsonNode column : json) {
            Record usual = USUAL.get(column.path(TYPE).asText());
            if (usual == null) {
                throw new IllegalArgumentException("found " + column.path(TYPE) + " where the type of a column is due");
            }
            ObjectNode settings = ((ObjectNode) column).deepCopy();
            settings.remove(TYPE);
            encoders.add((ColumnEncoder) RECORDS.readRecord(settings, usual, "column"));
        }
        return new Columns(encoders);
    }
}
