package dev.backdraft.column;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.json.NearMiss;
import dev.backdraft.json.Records;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is asked of {@link Columns} before they are learned.
 *
 * @param kinds of columns by name; the kind of others is found out
 * @param encoding how they become inputs of a network
 */
public record ColumnSettings(SortedMap<String, ColumnKind> kinds, Encoding encoding) implements Serializable {
    /** Finds the kinds out, and encodes them in the default way. */
    public static final ColumnSettings STANDARD = new ColumnSettings(new TreeMap<>(), new Encoding());

    public ColumnSettings {
        kinds = new TreeMap<>(kinds);
    }

    /** The same settings with these kinds of columns. */
    public ColumnSettings withKinds(SortedMap<String, ColumnKind> newKinds) {
        return new ColumnSettings(newKinds, encoding);
    }

    /** The same settings with this encoding. */
    public ColumnSettings withEncoding(Encoding newEncoding) {
        return new ColumnSettings(kinds, newEncoding);
    }

    /**
     * The same settings, but a category gets no code: each one that is kept gets a flag of its own, however many a
     * column has. An autoencoder can reproduce flags, but no codes.
     */
    public ColumnSettings withFlags() {
        int most = Math.max(encoding.oneHotLimit(), encoding.maxCategories());
        return withEncoding(Records.with(encoding, "oneHotLimit", most));
    }

    /** Whether something is said of the columns, so that they are to be encoded even if all of them are numbers. */
    public boolean isSet() {
        return !equals(STANDARD);
    }

    /**
     * Kinds as a text has them: {@code zip=category,opened=date}; a name with a comma is in double quotes. None for
     * null or an empty text.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static SortedMap<String, ColumnKind> kinds(String text) {
        SortedMap<String, ColumnKind> kinds = new TreeMap<>();
        for (String entry : LabelColumns.split(text == null || text.isEmpty() ? null : text)) {
            int equals = entry.lastIndexOf('=');
            String kind = entry.substring(equals + 1).strip().toUpperCase(Locale.ROOT);
            List<ColumnKind> known = List.of(ColumnKind.values());
            if (equals < 1 || known.stream().noneMatch(one -> one.name().equals(kind))) {
                throw new IllegalArgumentException(
                        "'" + entry
                                + "' is not the kind of a column: write it as zip=category; kinds are number, category and date");
            }
            kinds.put(entry.substring(0, equals), ColumnKind.valueOf(kind));
        }
        return kinds;
    }

    /** The text that {@link #kinds(String)} reads; null for no kinds. */
    public static String text(SortedMap<String, ColumnKind> kinds) {
        return kinds.isEmpty()
                ? null
                : kinds.entrySet().stream()
                        .map(kind -> LabelColumns.listed(
                                kind.getKey() + "=" + kind.getValue().name().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.joining(","));
    }

    /** @throws DataException when a kind is given for a column that is not among these */
    void checkNames(List<String> columns) {
        for (String name : kinds.keySet()) {
            if (!columns.contains(name)) {
                throw new DataException(
                        "the kind of column '%s' is given, but it is not among the features%s: %s",
                        name, NearMiss.suggestion(name, columns), LabelColumns.shortened(columns));
            }
        }
    }
}
