package dev.backdraft.json;

import java.util.Collection;
import java.util.Locale;

/** Suggests existing names for a misspelled one. */
public final class NearMiss {
    private static final int LONGEST = 200; // names of files may be anything; comparing long ones takes long

    private NearMiss() {}

    /**
     * A part of a message: {@code " (did you mean 'x'?)"} for the nearest name, or nothing when none is near. Near is a name that
     * takes one change for each three of its characters, rounded up, or one that goes on where the other ends; case and hyphens do not count.
     *
     * @param found what was written
     * @param names that exist
     */
    public static String suggestion(String found, Collection<String> names) {
        if (found.length() > LONGEST) {
            return "";
        }
        String wanted = plain(found);
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (String name : names) {
            if (name.length() > LONGEST) {
                continue;
            }
            String candidate = plain(name);
            int bearable = Math.min(Math.min(wanted.length(), candidate.length()) - 1, (candidate.length() + 2) / 3);
            int changes = changes(wanted, candidate);
            if (bearable >= 2 && (candidate.startsWith(wanted) || wanted.startsWith(candidate))) {
                changes = Math.min(changes, bearable);
            }
            if (changes <= bearable && changes < fewest) {
                fewest = changes;
                nearest = name;
            }
        }
        return nearest == null ? "" : " (did you mean '" + nearest + "'?)";
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Characters to insert, leave out, replace or swap with their neighbor: the distance of Damerau 1964. */
    private static int changes(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int other = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + other);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
