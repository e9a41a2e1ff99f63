package dev.backdraft.data;

import dev.backdraft.json.NearMiss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns that a label's name stands for: the column of exactly this name, else the columns whose names it lists,
 * separated by commas. So {@code price,rent} are two labels, unless there is a column "price,rent". In a list, a name
 * that contains a comma is put in double quotes, as in CSV: {@code "price,net",rent}.
 */
public final class LabelColumns {
    private static final int NAMES_SHOWN = 20; // of a long list in a message

    private LabelColumns() {}

    /**
     * The places of the columns.
     *
     * @throws DataException when one of them is missing or named twice
     */
    public static List<Integer> find(List<String> columns, String name) {
        return find(columns, name, "label");
    }

    /**
     * The places of columns that are not labels but are named in the same way.
     *
     * @param use what they are for, for a message: a word such as {@code feature}, or a phrase such as {@code to keep}
     * @throws DataException when one of them is missing or named twice
     */
    public static List<Integer> find(List<String> columns, String name, String use) {
        if (columns.contains(name)) {
            return List.of(columns.indexOf(name));
        }
        List<Integer> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String one : split(name)) {
            int column = columns.indexOf(one);
            if (column < 0) {
                throw missing(columns, one, use);
            }
            if (!seen.add(one)) {
                throw new DataException("the %s is named twice", named(one, use));
            }
            found.add(column);
        }
        return List.copyOf(found);
    }

    /** Says that there is no column of this name, and which there are. */
    public static DataException missing(List<String> columns, String name, String use) {
        return new DataException(
                "no %s%s: the columns are %s",
                named(name, use), NearMiss.suggestion(name, columns), shortened(columns));
    }

    private static String named(String name, String use) {
        return use.startsWith("to ") ? "column '" + name + "' " + use : use + " column '" + name + "'";
    }

    /** The places of the columns when all are there, else none. */
    public static List<Integer> findIfPresent(List<String> columns, String name) {
        boolean present = name != null && (columns.contains(name) || columns.containsAll(split(name)));
        return present ? find(columns, name) : List.of();
    }

    /** The names in a list of names; empty for null. A name with a comma is in double quotes, as in CSV. */
    public static List<String> split(String name) {
        if (name == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int from = 0; from <= name.length(); ) {
            int end = quoteEnd(name, from);
            if (end >= 0) {
                names.add(name.substring(from + 1, end).replace("\"\"", "\""));
                end++;
            } else {
                end = name.indexOf(',', from);
                end = end < 0 ? name.length() : end;
                names.add(name.substring(from, end));
            }
            from = end + 1;
        }
        return List.copyOf(names);
    }

    /** Where the quotes end that start here; −1 when none do, or none end before a comma or the end. */
    private static int quoteEnd(String name, int from) {
        if (from == name.length() || name.charAt(from) != '"') {
            return -1;
        }
        int end = name.indexOf('"', from + 1);
        while (end >= 0 && end + 1 < name.length() && name.charAt(end + 1) == '"') {
            end = name.indexOf('"', end + 2);
        }
        return end >= 0 && (end + 1 == name.length() || name.charAt(end + 1) == ',') ? end : -1;
    }

    /** The name that stands for these columns; null for none. */
    public static String join(List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        return names.size() == 1
                ? names.get(0)
                : names.stream().map(LabelColumns::listed).collect(Collectors.joining(","));
    }

    /** A name as it is written in a list of names. */
    public static String listed(String name) {
        return name.contains(",") || name.startsWith("\"") ? "\"" + name.replace("\"", "\"\"") + "\"" : name;
    }

    /** Names for a message; of a long list the first and the last. */
    public static String shortened(List<String> names) {
        if (names.size() <= NAMES_SHOWN) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, NAMES_SHOWN - 1)) + " … " + names.get(names.size() - 1) + " ("
                + names.size() + " in all)";
    }
}
