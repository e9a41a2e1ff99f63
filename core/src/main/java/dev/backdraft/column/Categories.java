package dev.backdraft.column;

import java.util.Collections;
import java.util.List;

/** Lists of categories: sorted, all different. */
final class Categories {
    private static final int SHOWN = 3;
    private static final int MOST_CHARACTERS = 40;

    private Categories() {}

    /**
     * A copy of the list.
     *
     * @throws IllegalArgumentException when it is not sorted, or a category is in it twice
     */
    static List<String> checked(String column, List<String> values) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i).compareTo(values.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("column '" + column + "': category '" + values.get(i)
                        + "' is not in its place: categories are sorted and all different");
            }
        }
        return List.copyOf(values);
    }

    /**
     * Checks the most frequent category.
     *
     * @throws IllegalArgumentException when it is neither empty nor one of the values
     */
    static void checkUsual(String column, List<String> values, String usual) {
        if (!usual.isEmpty() && place(values, usual) < 0) {
            throw new IllegalArgumentException(
                    "column '" + column + "': the most frequent category, '" + usual + "', is none of the categories");
        }
    }

    /** The place of a category; negative when it is none of them. */
    static int place(List<String> values, String text) {
        return Collections.binarySearch(values, text);
    }

    /** The first few, for people. */
    static String some(List<String> values) {
        int shown = Math.min(SHOWN, values.size());
        String text = String.join(", ", values.subList(0, shown));
        return text.length() > MOST_CHARACTERS
                ? text.substring(0, MOST_CHARACTERS) + "…"
                : text + (values.size() > shown ? ", …" : "");
    }
}
