package dev.backdraft.optim;

/**
 * Refuses settings that make no sense, with the value found: for the compact constructors of this package. The message is made
 * when it is needed, as some are checked in every step.
 */
final class Settings {
    private Settings() {}

    static void requirePositive(String setting, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(setting + " must be positive and finite: " + value);
        }
    }

    static void requireNotNegative(String setting, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(setting + " must be at least 0 and finite: " + value);
        }
    }

    /** Of an exponential average or a momentum: what remains after a step. */
    static void requireDecay(String setting, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(setting + " must be at least 0 and below 1: " + value);
        }
    }

    /** Of a rate that must not grow: what remains after a drop. */
    static void requireFactor(String setting, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(setting + " must be above 0 and at most 1: " + value);
        }
    }

    static void requireShare(String setting, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(setting + " must be between 0 and 1: " + value);
        }
    }

    static void requireAtLeast(long least, String setting, long value) {
        if (!(value >= least)) {
            throw new IllegalArgumentException(setting + " must be at least " + least + ": " + value);
        }
    }
}
