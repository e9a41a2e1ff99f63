package dev.backdraft.optim;

/** Refuses settings that make no sense, with the value found: for the compact constructors of this package. */
final class Settings {
    private Settings() {}

    static void requirePositive(String setting, double value) {
        require(value > 0 && value < Double.POSITIVE_INFINITY, setting + " must be positive and finite: " + value);
    }

    static void requireNotNegative(String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, setting + " must be at least 0 and finite: " + value);
    }

    /** Of an exponential average or a momentum: what remains after a step. */
    static void requireDecay(String setting, double value) {
        require(value >= 0 && value < 1, setting + " must be at least 0 and below 1: " + value);
    }

    /** Of a rate that must not grow: what remains after a drop. */
    static void requireFactor(String setting, double value) {
        require(value > 0 && value <= 1, setting + " must be above 0 and at most 1: " + value);
    }

    static void requireShare(String setting, double value) {
        require(value >= 0 && value <= 1, setting + " must be between 0 and 1: " + value);
    }

    static void requireAtLeast(long least, String setting, long value) {
        require(value >= least, setting + " must be at least " + least + ": " + value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
