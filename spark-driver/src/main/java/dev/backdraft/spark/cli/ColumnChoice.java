package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Which columns are the features, and which are kept beside the predictions, as the user named them. Several names are separated by
 * commas, as those of {@link LabelColumns} are.
 *
 * @param features the features in their order, or null for all columns that are nothing else
 * @param ignored columns that are not features, or null
 * @param kept columns to write before the predictions, or null
 */
record ColumnChoice(String features, String ignored, String kept) {
    /** All columns that are nothing else are features. */
    static final ColumnChoice ALL = new ColumnChoice(null, null, null);

    /** The same choice with columns to keep. */
    ColumnChoice withKept(String newKept) {
        return new ColumnChoice(features, ignored, newKept);
    }

    /** Whether the features are all columns that are nothing else. */
    boolean isAll() {
        return features == null && ignored == null;
    }

    /**
     * Points out features that only count the rows, as a row number does.
     *
     * @param counting names of these features, at least one
     * @return null when the user chose the features
     */
    String noteOnCounting(List<String> counting) {
        if (features != null) {
            return null;
        }
        String all = ignored == null
                ? LabelColumns.join(counting)
                : ignored + ","
                        + String.join(
                                ",", counting.stream().map(LabelColumns::listed).toList());
        return "note: column" + (counting.size() == 1 ? " '" : "s '") + String.join("', '", counting)
                + (counting.size() == 1 ? "' only counts the rows" : "' only count the rows")
                + ": if it is a row number, " + (ignored == null ? "add" : "use") + " --ignore " + Advice.quoted(all);
    }

    /** The columns that are not features. */
    List<String> ignored(List<String> columns) {
        return named(columns, ignored, "to ignore");
    }

    /** The columns to keep. */
    List<String> kept(List<String> columns) {
        return named(columns, kept, "to keep");
    }

    private static List<String> named(List<String> columns, String names, String use) {
        return names == null
                ? List.of()
                : LabelColumns.find(columns, names, use).stream()
                        .map(columns::get)
                        .toList();
    }

    /**
     * The features of rows to train on.
     *
     * @param label column or columns of the label
     * @param weight or null
     * @throws DataException when a column is missing, or a feature is also something else
     */
    List<String> ofTraining(List<String> columns, String label, String weight) {
        List<String> left = new ArrayList<>(chosen(columns));
        List<String> taken = new ArrayList<>(
                LabelColumns.find(columns, label).stream().map(columns::get).toList());
        if (weight != null) {
            taken.add(weight);
        }
        for (String column : taken) {
            if (ignored(columns).contains(column) || (features != null && left.contains(column))) {
                throw new DataException(
                        "column '%s' is the label or the weight, and cannot be %s: name another label with --label COLUMN",
                        column, ignored(columns).contains(column) ? "ignored" : "a feature");
            }
        }
        left.removeAll(taken);
        if (left.isEmpty()) {
            throw new DataException("no feature column is left among the columns %s", LabelColumns.shortened(columns));
        }
        return left;
    }

    /**
     * The features for a model.
     *
     * @param known names that the model has of its features; empty when it has none
     * @return those names; else the columns that were named, or an empty list when none were
     * @throws DataException when a column is missing, or the choice is not the model's
     */
    List<String> ofModel(List<String> columns, List<String> known) {
        List<String> named = named(columns, features, "feature");
        List<String> out = ignored(columns);
        if (known.isEmpty()) {
            checkNotIgnored(named, out);
            return named;
        }
        if (!named.isEmpty() && !new HashSet<>(named).equals(new HashSet<>(known))) {
            throw new DataException(
                    "--features names %s, but the model takes %s: leave --features out, as the model knows its columns",
                    LabelColumns.shortened(named), LabelColumns.shortened(known));
        }
        for (String feature : known) {
            if (out.contains(feature)) {
                throw new DataException(
                        "--ignore names column '%s', which the model takes: leave it out of --ignore", feature);
            }
        }
        return known;
    }

    /** The columns that may be features. */
    List<String> chosen(List<String> columns) {
        List<String> named = named(columns, features, "feature");
        List<String> out = ignored(columns);
        checkNotIgnored(named, out);
        return features != null
                ? named
                : columns.stream().filter(column -> !out.contains(column)).toList();
    }

    private static void checkNotIgnored(List<String> named, List<String> out) {
        for (String feature : named) {
            if (out.contains(feature)) {
                throw new DataException(
                        "column '%s' is named by --features and by --ignore: take it out of one of them", feature);
            }
        }
    }
}
