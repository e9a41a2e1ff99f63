package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.LabelColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of a CSV file are features, labels and weight. Columns count from 0.
 *
 * @param columns names in the header's order, all different
 * @param features columns of the features, in the order the network sees them
 * @param labels columns of the label, of several labels, or of none
 * @param weight column of the row weight, or −1 when all rows count once
 * @param isRaw whether rows are raw: features stay the {@linkplain dev.backdraft.data.Cells cells} that they are, as
 *     texts
 * @param kept columns whose texts are {@linkplain ExampleReader#kept kept} beside each row, whatever else they are
 */
public record CsvSchema(
        List<String> columns,
        List<Integer> features,
        List<Integer> labels,
        int weight,
        boolean isRaw,
        List<Integer> kept)
        implements Serializable {
    public CsvSchema {
        columns = List.copyOf(columns);
        features = List.copyOf(features);
        labels = List.copyOf(labels);
        kept = List.copyOf(kept);
        if (features.isEmpty()) {
            throw new DataException("no feature column remains among the columns %s", LabelColumns.shortened(columns));
        }
        Set<Integer> used = new HashSet<>();
        for (int column : features) {
            checkUse(columns, column, used);
        }
        for (int column : labels) {
            checkUse(columns, column, used);
        }
        if (weight != -1) {
            checkUse(columns, weight, used);
        }
        Set<Integer> keptOnce = new HashSet<>();
        for (int column : kept) {
            checkUse(columns, column, keptOnce);
        }
    }

    /** Without columns to keep. */
    public CsvSchema(List<String> columns, List<Integer> features, List<Integer> labels, int weight) {
        this(columns, features, labels, weight, false, List.of());
    }

    /** With one label, or none when {@code label} is −1. */
    public CsvSchema(List<String> columns, List<Integer> features, int label, int weight) {
        this(columns, features, label == -1 ? List.of() : List.of(label), weight);
    }

    private static void checkUse(List<String> columns, int column, Set<Integer> used) {
        if (column < 0 || column >= columns.size()) {
            throw new IllegalArgumentException("column " + column + " of " + columns.size());
        }
        if (!used.add(column)) {
            throw new DataException("column '%s' is used twice among features, label and weight", columns.get(column));
        }
    }

    /**
     * Label and weight by name, all other columns features.
     *
     * @param header as {@link CsvReader#readHeader} gives it
     * @param label one column or several, as {@link LabelColumns} takes them; null: the last column
     * @param weight null: all rows count once
     * @throws DataException when a name is not in the header, naming the columns that are; when no feature is left
     */
    public static CsvSchema of(List<String> header, String label, String weight) {
        return of(header, label, weight, List.of());
    }

    /** Like {@link #of(List, String, String)}, without the ignored columns, such as a row number. */
    public static CsvSchema of(List<String> header, String label, String weight, List<String> ignored) {
        if (header.isEmpty()) {
            throw new DataException("a header without columns");
        }
        List<Integer> labels = label == null ? List.of(header.size() - 1) : LabelColumns.find(header, label);
        int weightColumn = weight == null ? -1 : find(header, "weight", weight);
        for (int column : labels) {
            if (column == weightColumn || ignored.contains(header.get(column))) {
                throw new DataException(
                        "column '%s' is the label%s and cannot be the weight or ignored: name another label",
                        header.get(column), label == null ? ", being the last," : "");
            }
        }
        List<Integer> features = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (!labels.contains(i) && i != weightColumn && !ignored.contains(header.get(i))) {
                features.add(i);
            }
        }
        ignored.forEach(name -> find(header, "to ignore", name));
        return new CsvSchema(header, features, labels, weightColumn);
    }

    /**
     * The columns a model was trained on, by name, in the model's order; other columns are ignored.
     *
     * @param header as {@link CsvReader#readHeader} gives it
     * @param label is taken when the header has it; null: no label is wanted
     * @throws DataException naming all features that are missing
     */
    public static CsvSchema forFeatures(List<String> header, List<String> featureNames, String label) {
        Map<String, Integer> columns = places(header);
        List<String> missing = new ArrayList<>(featureNames);
        missing.removeAll(columns.keySet());
        if (!missing.isEmpty()) {
            throw new DataException(
                    "%d of the model's %d features missing: %s; the columns are %s",
                    missing.size(),
                    featureNames.size(),
                    LabelColumns.shortened(missing),
                    LabelColumns.shortened(header));
        }
        return new CsvSchema(
                header,
                featureNames.stream().map(columns::get).toList(),
                LabelColumns.findIfPresent(header, label),
                -1);
    }

    /**
     * The columns that rows to measure on share with those to train on, by name; other columns are ignored.
     *
     * @param featureNames in the order the network sees them
     * @param label of the rows to train on
     * @param weight null: all rows count once
     * @throws DataException naming all columns that are missing
     */
    public static CsvSchema forValidation(List<String> header, List<String> featureNames, String label, String weight) {
        checkColumns(header, featureNames, label, weight);
        return new CsvSchema(
                header,
                featureNames.stream().map(places(header)::get).toList(),
                LabelColumns.find(header, label),
                weight == null ? -1 : header.indexOf(weight));
    }

    /**
     * Sees that rows to measure on have the columns of those to train on.
     *
     * @param weight or null
     * @throws DataException naming all columns that are missing
     */
    public static void checkColumns(List<String> columns, List<String> featureNames, String label, String weight) {
        Set<String> missing = new LinkedHashSet<>(featureNames);
        if (!columns.contains(label)) {
            missing.addAll(LabelColumns.split(label));
        }
        if (weight != null) {
            missing.add(weight);
        }
        missing.removeAll(new HashSet<>(columns));
        if (!missing.isEmpty()) {
            throw new DataException(
                    "columns of the training data are missing: %s; the columns are %s",
                    LabelColumns.shortened(List.copyOf(missing)), LabelColumns.shortened(columns));
        }
    }

    /** The same columns but no label, which is not read. */
    public CsvSchema withoutLabel() {
        return new CsvSchema(columns, features, List.of(), weight, isRaw, kept);
    }

    /** The same columns, of which these are kept. */
    public CsvSchema withKept(List<Integer> newKept) {
        return new CsvSchema(columns, features, labels, weight, isRaw, newKept);
    }

    /** The same columns, whose rows are raw. */
    public CsvSchema raw() {
        return new CsvSchema(columns, features, labels, weight, true, kept);
    }

    /** Names of the features, in the order the network sees them. */
    public List<String> featureNames() {
        return features.stream().map(columns::get).toList();
    }

    /** Name of the label's column, or of several as {@link LabelColumns} takes them; null when there is none. */
    public String labelName() {
        return LabelColumns.join(labels.stream().map(columns::get).toList());
    }

    private static Map<String, Integer> places(List<String> header) {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            columns.putIfAbsent(header.get(i), i);
        }
        return columns;
    }

    private static int find(List<String> header, String use, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw LabelColumns.missing(header, name, use);
        }
        return column;
    }
}
