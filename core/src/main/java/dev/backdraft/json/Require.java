package dev.backdraft.json;

import java.util.Locale;

/**
 * Refuses settings that make no sense, with the value found: for the compact constructors of records. The message is
 * built only when a check fails, as some run in every step.
 */
public final class Require {
    private Require() {}

    /**
     * Requires a number: neither NaN nor infinite.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void finite(String setting, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(setting + " must be a finite number: " + value);
        }
    }

    /**
     * Requires 0 &lt; value &lt; ∞.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void positive(String setting, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(setting + " must be positive and finite: " + value);
        }
    }

    /**
     * Requires 0 ≤ value &lt; ∞.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void notNegative(String setting, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(setting + " must be at least 0 and finite: " + value);
        }
    }

    /**
     * Requires 0 ≤ value &lt; 1, as for a rate of dropout, or the part of a momentum that remains after a step.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void fraction(String setting, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(setting + " must be at least 0 and below 1: " + value);
        }
    }

    /**
     * Requires 0 &lt; value ≤ 1: what remains of a rate after a drop.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void factor(String setting, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(setting + " must be above 0 and at most 1: " + value);
        }
    }

    /**
     * Requires 0 ≤ value ≤ 1.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void share(String setting, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(setting + " must be between 0 and 1: " + value);
        }
    }

    /**
     * Requires value ≥ least.
     *
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static void atLeast(long least, String setting, long value) {
        if (!(value >= least)) {
            throw new IllegalArgumentException(setting + " must be at least " + least + ": " + value);
        }
    }

    /**
     * Requires that this number of things fits into one array: the parameters of a network are in one, and so are the
     * outputs of a layer.
     *
     * @param owner as in "a dense layer of 2 -> 3"
     * @param what as in "parameters"
     * @throws IllegalArgumentException when there are more than an array holds
     */
    public static void fitsArray(String owner, String what, long count) {
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s has %,d %s: at most %,d are possible", owner, count, what, Integer.MAX_VALUE));
        }
    }
}
