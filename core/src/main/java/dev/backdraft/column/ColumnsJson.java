package dev.backdraft.column;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.json.Catalog;
import dev.backdraft.json.RecordJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Columns as JSON: a list with an object for each, as a model file keeps them. */
public final class ColumnsJson {
    private static final Map<Class<? extends ColumnEncoder>, String> NAMES = Map.of(
            NumberColumn.class, "number",
            OneHotColumn.class, "one-hot",
            CodeColumn.class, "codes",
            HashedColumn.class, "hashed",
            DateColumn.class, "date",
            UnusedColumn.class, "unused");
    private static final Catalog<ColumnEncoder> CATALOG = new Catalog<>(
            ColumnEncoder.class,
            "column",
            encoder -> NAMES.get(encoder.getClass()),
            List.of(
                    new NumberColumn("", new NumberScale(), 0, false),
                    new OneHotColumn("", List.of(), false, false),
                    new CodeColumn("", List.of()),
                    new HashedColumn("", 1),
                    new DateColumn("", List.of(), false, 0, false),
                    new UnusedColumn("")));
    private static final RecordJson RECORDS = new RecordJson(List.of(CATALOG));

    private ColumnsJson() {}

    /** The columns as JSON. */
    public static JsonNode write(Columns columns) {
        return RECORDS.write(columns.encoders());
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
            encoders.add(RECORDS.read(column, CATALOG));
        }
        return new Columns(encoders);
    }
}
