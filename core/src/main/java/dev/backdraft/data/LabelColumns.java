package dev.backdraft.data;

import dev.backdraft.json.NearMiss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns that a label's name stands for: the column of exactly this name, else the columns whose names it lists, separated by
 * commas. So {@code price,rent} are two labels, unless there is a column "price,rent".
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

    /** The names in a list of names; empty for null. */
    public static List<String> split(String name) {
        return name == null ? List.of() : List.of(name.split(",", -1));
    }

    /** The name that stands for these columns; null for none. */
    public static String join(List<String> names) {
        return names.isEmpty() ? null : String.join(",", names);
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
