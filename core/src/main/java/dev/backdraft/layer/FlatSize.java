package dev.backdraft.layer;

import java.util.Locale;

/** Refuses sizes beyond one array: the parameters of a network are in one, and so are the outputs of a layer. */
final class FlatSize {
    private FlatSize() {}

    /**
     * Checks the size of a layer.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    static void positive(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("layer sizes must be positive: " + size);
        }
    }

    /**
     * Checks a number of things.
     *
     * @param owner as in "a dense layer of 2 -> 3"
     * @param what as in "parameters"
     * @throws IllegalArgumentException when there are more than an array holds
     */
    static void check(String owner, String what, long count) {
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s has %,d %s: at most %,d are possible", owner, count, what, Integer.MAX_VALUE));
        }
    }
}
